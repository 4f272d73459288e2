package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No object is allocated per datagram. Once the code is compiled, an echo at both ends (receive, walk, add, send)
 * allocates nothing. Interpreted code does allocate, so the first stretches do not count.
 */
@Tag("allocation")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STRETCH = 200_000;
    private static final int STRETCHES = 60;
    private static final int BURST = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(Traffic.bytes(64));

    @ParameterizedTest
    @CsvSource({"IPV4, true", "IPV4, false", "IPV6, true", "IPV6, false"})
    void aWarmEchoAllocatesNothing(Loopback loopback, boolean offloaded) throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound();
                var replies = SendBatch.open()) {
            var clients = new UdpSocket[]{pair.sender, second};
            pair.out.coalescing(offloaded);
            replies.coalescing(offloaded);
            for (var client : clients) {
                client.set(UdpOptions.GRO, offloaded);
            }
            pair.receiver.set(UdpOptions.GRO, offloaded);
            var least = Long.MAX_VALUE;
            for (int i = 0; i < STRETCHES && least > 0; i++) {
                least = Math.min(least, allocatedByAStretch(pair, clients, replies));
            }
            assertEquals(0, least, () -> "bytes for " + STRETCH + " datagrams, at the least");
            var statistics = pair.receiver.statistics();
            assertEquals(offloaded, statistics.messagesReceived() < statistics.datagramsReceived());
        }
    }

    private static long allocatedByAStretch(Pair pair, UdpSocket[] clients, SendBatch replies)
            throws SyscallException {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (int done = 0; done < STRETCH; done += BURST * clients.length) {
            for (var client : clients) {
                for (int i = 0; i < BURST; i++) {
                    // Two sizes, so that several runs end within a burst.
                    assertTrue(pair.out.add(PAYLOAD, 0, i % 10 == 0 ? 32 : 64, pair.to));
                }
                assertEquals(BURST, client.send(pair.out));
            }
            echo(pair, BURST * clients.length, replies);
            for (var client : clients) {
                takeReplies(client, pair.in);
            }
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void receive(UdpSocket socket, ReceiveBatch batch) throws SyscallException {
        while (socket.receive(batch) == 0) {
            assertTrue(socket.awaitReadable(PATIENCE), "a datagram was lost");
        }
    }

    private static void echo(Pair pair, int count, SendBatch replies) throws SyscallException {
        for (int echoed = 0; echoed < count;) {
            receive(pair.receiver, pair.in);
            for (var datagram = pair.in.next(); datagram != null; datagram = pair.in.next()) {
                assertTrue(replies.add(datagram, datagram.source()));
                echoed++;
            }
            pair.receiver.send(replies);
        }
    }

    private static void takeReplies(UdpSocket client, ReceiveBatch in) throws SyscallException {
        int bytes = 0;
        for (int taken = 0; taken < BURST;) {
            receive(client, in);
            for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                bytes += datagram.length();
                taken++;
            }
        }
        assertEquals(BURST * 64 - BURST / 10 * 32, bytes);
    }
}
