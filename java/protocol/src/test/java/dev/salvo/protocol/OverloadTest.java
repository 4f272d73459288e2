package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketStatistics;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Needs;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** The sender is faster than the receiver: every packet that is not received is in the kernel's drop counter. */
@Tag("loopback")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverloadTest {

    private static final int SENT = 1_000_000;
    private static final int TOGETHER = 64;
    /** The number sent before the first one is received: more than the receive buffer holds. */
    private static final int AHEAD = 10_000;

    private long received;
    private final CompletableFuture<Boolean> ahead = new CompletableFuture<>();

    /** Sends on its own thread, and returns the counters of the sender. */
    private SocketStatistics send(SockAddr to, int count, boolean coalescing) throws Exception {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET);
                var batch = SendBatch.open()) {
            batch.coalescing(coalescing);
            var payload = MemorySegment.ofArray(new byte[64]);
            for (int sent = 0; sent < count; sent += TOGETHER) {
                for (int i = 0; i < TOGETHER; i++) {
                    assertTrue(batch.add(payload, 0, 64, to));
                }
                assertEquals(TOGETHER, socket.send(batch), "loopback takes everything");
                if (sent >= AHEAD) {
                    ahead.complete(true);
                }
            }
            return socket.statistics();
        } finally {
            ahead.complete(true);
        }
    }

    private static <T> CompletableFuture<T> begin(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        return result;
    }

    /** The counters of the sender and the receiver. */
    private record Counts(SocketStatistics sender, SocketStatistics receiver) {
    }

    private Counts overload(int count, boolean coalescing) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, (datagram, transport) -> received++,
                    Loopback.IPV4.options().withCoalescing(coalescing));
            port.socket().set(SocketLevelOptions.RCVBUF, 64 << 10);
            var sending = begin(() -> send(port.localAddress(), count, coalescing));
            ahead.get(60, TimeUnit.SECONDS);
            stopWhenDrained(reactor, sending, -1);
            reactor.run();
            return new Counts(sending.join(), port.statistics().socket());
        }
    }

    /**
     * Stops once all is sent and then nothing has arrived for a while: loopback keeps no datagram in flight for long.
     */
    private void stopWhenDrained(Reactor reactor, CompletableFuture<?> sending, long before) {
        if (received == before) {
            reactor.stop();
            return;
        }
        var now = sending.isDone() ? received : -1;
        reactor.callLater(Duration.ofMillis(50), () -> stopWhenDrained(reactor, sending, now));
    }

    @Test
    void aMillionDatagramsAreReceivedOrCounted(TestReporter reporter) throws Exception {
        var counts = overload(SENT, false);
        var drops = counts.receiver.kernelPacketDrops();
        reporter.publishEntry("received " + received + ", dropped " + drops);
        assertEquals(SENT, counts.sender.datagramsSent());
        assertTrue(drops > AHEAD / 2, () -> "no overload: " + drops);
        assertTrue(received > 0);
        assertEquals(received, counts.receiver.datagramsReceived());
        assertEquals(SENT, received + drops);
    }

    /** For a dropped coalesced message the kernel counts one packet, however many datagrams it held. */
    @Test
    void aDroppedCoalescedMessageCountsAsOnePacket(TestReporter reporter) throws Exception {
        Needs.joiningOnLoopback();
        var counts = overload(SENT, true);
        var drops = counts.receiver.kernelPacketDrops();
        reporter.publishEntry("received " + received + ", dropped " + drops);
        assertEquals(SENT, counts.sender.datagramsSent());
        assertEquals(SENT / TOGETHER, counts.sender.messagesSent());
        assertTrue(drops > 0, "no overload");
        assertTrue(SENT > received + drops, "drops are counted in packets");
        assertEquals(counts.sender.messagesSent(), counts.receiver.messagesReceived() + drops);
        assertEquals(SENT, received + drops * TOGETHER);
    }
}
