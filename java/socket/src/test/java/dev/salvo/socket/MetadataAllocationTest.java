package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading all metadata of every datagram allocates nothing once the code is compiled. */
@Tag("allocation")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetadataAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STRETCH = 100_000;
    private static final int STRETCHES = 60;
    private static final int BURST = 100;
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(Traffic.bytes(64));

    @ParameterizedTest
    @EnumSource
    void readingAllMetadataAllocatesNothing(Over over) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.values())) {
            pair.receiver.set(UdpOptions.GRO, true);
            var least = Long.MAX_VALUE;
            for (int i = 0; i < STRETCHES && least > 0; i++) {
                least = Math.min(least, allocatedByAStretch(pair));
            }
            assertEquals(0, least, () -> "bytes for " + STRETCH + " datagrams, at the least");
        }
    }

    private static long allocatedByAStretch(AskedPair pair) throws SyscallException {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (int done = 0; done < STRETCH; done += BURST) {
            for (int i = 0; i < BURST; i++) {
                // Two sizes, so that there are messages of several datagrams and of one.
                assertTrue(pair.out.add(PAYLOAD, 0, i % 10 == 9 ? 32 : 64, pair.to));
            }
            assertEquals(BURST, pair.sender.send(pair.out));
            for (int taken = 0; taken < BURST;) {
                if (pair.receiver.receive(pair.in) == 0) {
                    assertTrue(pair.receiver.awaitReadable(null));
                }
                for (var datagram = pair.in.next(); datagram != null; datagram = pair.in.next()) {
                    requireAll(datagram.metadata());
                    taken++;
                }
            }
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void requireAll(DatagramMetadata metadata) {
        var local = metadata.localAddress();
        var answer = metadata.answerAddress();
        if (local == null
                || answer == null
                || local.isIpv6() != answer.isIpv6()
                || metadata.interfaceIndex() != 1
                || metadata.ecn() + metadata.dscp() + metadata.trafficClass() != 0
                || metadata.hopLimit() != 64
                || metadata.receiveTime() < 1_600_000_000_000_000_000L
                || metadata.hardwareTime() != -1
                || metadata.packetDrops() + metadata.newPacketDrops() != -2
                || metadata.has(Metadata.HARDWARE_TIME)) {
            throw new AssertionError(metadata.toString());
        }
    }
}
