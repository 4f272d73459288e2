package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.testing.Loopback;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reading the error queue allocates only for entries that are kept. Here it holds transmit timestamps that nobody has
 * asked for.
 */
@Tag("allocation")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STRETCH = 20_000;
    private static final int STRETCHES = 60;
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(Traffic.bytes(64));
    /** SOF_TIMESTAMPING_TX_SOFTWARE, _SOFTWARE and _OPT_TSONLY of linux/net_tstamp.h. */
    private static final int TRANSMITTED = 2 | 1 << 4 | 1 << 11;

    @ParameterizedTest
    @EnumSource
    void unwantedTimestampsAreReadWithoutAllocation(Loopback loopback) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var timestamping = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING());
            pair.sender.set(timestamping, TRANSMITTED);
            var least = Long.MAX_VALUE;
            int stretches = 0;
            while (stretches < STRETCHES && least > 0) {
                least = Math.min(least, allocatedByAStretch(pair));
                stretches++;
            }
            assertEquals(0, least, () -> "bytes for " + STRETCH + " entries, at the least");
            assertEquals((long) stretches * STRETCH, pair.sender.statistics().errorQueueEntries());
            assertEquals(0, pair.sender.statistics().icmpErrors());
            assertEquals((long) stretches * STRETCH - 256, pair.sender.statistics().timestampsDropped());
        }
    }

    /** Nobody receives these datagrams. The receiver drops those that do not fit, after their timestamps were made. */
    private static long allocatedByAStretch(Pair pair) throws SyscallException {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < STRETCH; i++) {
            assertTrue(pair.out.add(PAYLOAD, 0, 64, pair.to));
            pair.send();
            assertEquals(0, pair.sender.drainErrors());
            assertNull(pair.sender.nextError());
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
