package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that are received, walked and added to a batch return to their senders, with and without GRO. */
@OnLoopback
record EchoTest(Loopback loopback) {

    private static void echo(UdpSocket server, int count) throws SyscallException {
        try (var in = ReceiveBatch.open();
                var out = SendBatch.open()) {
            for (int echoed = 0; echoed < count && server.awaitReadable(null);) {
                server.receive(in);
                for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                    assertTrue(out.add(datagram, datagram.source()));
                }
                echoed += server.send(out);
            }
        }
    }

    @Test
    void aSingleDatagramIsEchoed() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertEquals(1, pair.add("hello").send());
            echo(pair.receiver, 1);
            var replies = Traffic.receive(pair.sender, pair.in, 1);
            assertEquals(List.of("hello"), Traffic.texts(replies));
            assertEquals(pair.to, replies.getFirst().source());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manySizesFromTwoClientsAreEchoed(boolean gro) throws SyscallException {
        try (var pair = new Pair(loopback);
                var other = loopback.bound()) {
            pair.receiver.set(UdpOptions.GRO, gro);
            pair.sender.set(UdpOptions.GRO, gro);
            var sent = new ArrayList<String>();
            for (int length : new int[]{100, 100, 100, 30, 0, 100, 1, 1, 1, 200, 200, 7}) {
                sent.add("x".repeat(length));
            }
            pair.add(sent.toArray(String[]::new));
            assertEquals(12, pair.send());
            pair.add("from", "the", "other", "one");
            assertEquals(4, other.send(pair.out));
            echo(pair.receiver, 16);
            assertEquals(sent, Traffic.texts(Traffic.receive(pair.sender, pair.in, 12)));
            assertEquals(
                    List.of("from", "the", "other", "one"), Traffic.texts(Traffic.receive(other, pair.in, 4)));
        }
    }

    @Test
    void aConnectedSocketEchoesToItsPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            Collections.nCopies(3, "abc").forEach(text -> Traffic.add(pair.out, null, text));
            assertEquals(3, pair.send());
            var received = pair.receive(3);
            assertEquals(List.of("abc", "abc", "abc"), Traffic.texts(received));
            assertEquals(pair.sender.localAddress(), received.getFirst().source());
        }
    }
}
