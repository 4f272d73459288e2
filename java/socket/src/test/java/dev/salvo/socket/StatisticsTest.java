package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.UdpOptions;
import org.junit.jupiter.api.Test;

/** What a socket counts is what it did: calls, messages, datagrams and bytes, each way. */
@OnLoopback
record StatisticsTest(Loopback loopback) {

    private static SocketStatistics nothing() {
        return new Counters().snapshot(0);
    }

    @Test
    void aNewSocketHasDoneNothing() throws SyscallException {
        try (var socket = loopback.bound()) {
            assertEquals(nothing(), socket.statistics());
        }
    }

    @Test
    void whatWasSentIsCounted() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(10, 100).add("short", "").send();
            pair.send();
            var counters = new Counters();
            counters.sendCalls = 1;
            counters.messagesSent = 2;
            counters.datagramsSent = 12;
            counters.bytesSent = 1_005;
            assertEquals(counters.snapshot(0), pair.sender.statistics());
        }
    }

    @Test
    void whatWasReceivedIsCounted() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add(10, 100).add("short", "").send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(2, pair.receiver.receive(pair.in));
            for (int i = 0; i < 12; i++) {
                assertNotEquals(null, pair.in.next());
            }
            assertEquals(0, pair.receiver.receive(pair.in));
            var counters = new Counters();
            counters.receiveCalls = 2;
            counters.messagesReceived = 2;
            counters.datagramsReceived = 12;
            counters.bytesReceived = 1_005;
            assertEquals(counters.snapshot(0), pair.receiver.statistics());
        }
    }

    @Test
    void datagramsAreCountedAsTheyAreWalked() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            pair.add(10, 100).send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(10, pair.receiver.receive(pair.in));
            assertEquals(10, pair.receiver.statistics().messagesReceived());
            assertEquals(0, pair.receiver.statistics().datagramsReceived());
            pair.in.next();
            pair.in.next();
            assertEquals(2, pair.receiver.statistics().datagramsReceived());
        }
    }

    @Test
    void aBatchCountsForTheSocketThatSendsIt() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("one");
            pair.receiver.send(pair.out);
            assertEquals(nothing(), pair.sender.statistics());
            assertEquals(1, pair.receiver.statistics().datagramsSent());
        }
    }
}
