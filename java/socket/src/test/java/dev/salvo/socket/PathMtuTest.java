package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.testing.NetNamespace;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 14: a segment must fit the path's MTU, while a single datagram need not, since it is fragmented. The real kernel
 * refuses a joined message whose segments do not fit, and its datagrams are then sent one by one.
 */
@Tag("netns")
class PathMtuTest {

    private static final int MTU = 1500;
    private static final List<Integer> LENGTHS = List.of(100, 100, 3000, 3000, 100, 1400, 1400, 3000, 3000, 3000, 50);
    /**
     * Datagrams of 100 bytes join each other, and so do those of 1400. Datagrams of 3000 bytes, and those that would
     * have closed their messages, are sent one by one.
     */
    private static final int MESSAGES = 9;

    @ParameterizedTest
    @CsvSource({"INET, 192.0.2.1, 192.0.2.2, 24", "INET6, 2001:db8::1, 2001:db8::2, 64"})
    void datagramsLargerThanTheMtuArriveOnceEachInOrderBesideSmallOnes(
            StandardProtocolFamily family, String sender, String receiver, String prefix) throws Exception {
        try (var here = NetNamespace.open();
                var there = NetNamespace.open()) {
            NetNamespace.connect(here, sender + "/" + prefix, there, receiver + "/" + prefix, MTU);
            var bound = new CompletableFuture<SockAddr>();
            var received = CompletableFuture.supplyAsync(() -> {
                try {
                    return there.call(() -> receive(family, receiver, bound));
                } catch (Exception e) {
                    bound.completeExceptionally(e);
                    throw new AssertionError(e);
                }
            });
            var destination = bound.get(10, TimeUnit.SECONDS);
            var statistics = here.call(() -> send(family, destination));

            assertEquals(expected(2), received.get(20, TimeUnit.SECONDS));
            assertEquals(0, statistics.datagramsFailed());
            assertEquals(1, statistics.coalescingFallbacks(), "the second batch knows what the first one learnt");
            assertEquals(2 * MESSAGES, statistics.messagesSent(), "what fits is still joined");
        }
    }

    /** Sends the same batch twice. */
    private static SocketStatistics send(StandardProtocolFamily family, SockAddr destination) throws Exception {
        try (var socket = UdpSocket.open(family);
                var batch = SendBatch.open()) {
            int number = 0;
            for (int round = 0; round < 2; round++) {
                for (var length : LENGTHS) {
                    var payload = new byte[length];
                    payload[0] = (byte) number++;
                    assertTrue(batch.add(payload, destination));
                }
                assertEquals(LENGTHS.size(), socket.send(batch));
                assertEquals(List.of(), batch.failures());
            }
            return socket.statistics();
        }
    }

    private static List<String> receive(
            StandardProtocolFamily family, String address, CompletableFuture<SockAddr> bound) throws Exception {
        try (var socket = UdpSocket.open(family);
                var batch = ReceiveBatch.open()) {
            socket.bind(SockAddr.of(address, 0));
            bound.complete(socket.localAddress());
            var received = new ArrayList<String>();
            var wanted = 2 * LENGTHS.size();
            // A new link takes a moment. Then wait a little longer for duplicates.
            while (socket.awaitReadable(Duration.ofMillis(received.size() < wanted ? 10_000 : 200))) {
                socket.receive(batch);
                for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                    received.add(datagram.get(0) + ":" + datagram.length());
                }
            }
            return received;
        }
    }

    private static List<String> expected(int rounds) {
        var expected = new ArrayList<String>();
        for (int i = 0; i < rounds * LENGTHS.size(); i++) {
            expected.add(i + ":" + LENGTHS.get(i % LENGTHS.size()));
        }
        return expected;
    }
}
