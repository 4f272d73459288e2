package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Pair;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Loopback;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One options object that changes for each datagram, as in a server that answers from many addresses, allocates
 * nothing.
 */
@Tag("allocation")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OptionAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STRETCH = 50_000;
    private static final int STRETCHES = 60;
    private static final int BURST = 50;
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(Traffic.bytes(64));

    @ParameterizedTest
    @EnumSource
    void sendingWithOptionsThatChangeAllocatesNothing(Loopback loopback) throws SyscallException {
        var options = new SendOptions();
        var ipv4 = loopback == Loopback.IPV4;
        var sources = new SockAddr[]{SockAddr.of(ipv4 ? "127.0.0.1" : "::1", 0),
                SockAddr.of(ipv4 ? "127.0.0.2" : "::1", 0)};
        try (var pair = new Pair(loopback);
                var sender = UdpSocket.open(loopback.family)) {
            var least = Long.MAX_VALUE;
            for (int i = 0; i < STRETCHES && least > 0; i++) {
                least = Math.min(least, allocatedByAStretch(pair, sender, options, sources));
            }
            assertEquals(0, least, () -> "bytes for " + STRETCH + " datagrams, at the least");
            assertEquals(0, sender.statistics().datagramsFailed());
        }
    }

    private static long allocatedByAStretch(Pair pair, UdpSocket sender, SendOptions options, SockAddr[] sources) {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (int done = 0; done < STRETCH; done += BURST) {
            for (int i = 0; i < BURST; i++) {
                options.clear().source(sources[i / 2 % 2]).hopLimit(1 + i / 4).trafficClass(i / 2);
                if (i % 10 == 0) {
                    options.segmentSize(32);
                }
                assertTrue(pair.out.add(PAYLOAD, 0, 64, pair.to, options));
            }
            assertEquals(BURST + BURST / 10, sender.send(pair.out));
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
