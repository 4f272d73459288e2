package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel accepts the flags on any socket. A device without a clock, such as loopback, reports no time. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HardwareTimeTest {

    private static final SockOpt<Integer> TIMESTAMPING = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());
    private static final int HARDWARE = Linux.SOF_TIMESTAMPING_RX_HARDWARE() | Linux.SOF_TIMESTAMPING_RAW_HARDWARE();
    private static final int SOFTWARE = Linux.SOF_TIMESTAMPING_RX_SOFTWARE() | Linux.SOF_TIMESTAMPING_SOFTWARE();

    @ParameterizedTest
    @EnumSource
    void loopbackReportsNoHardwareTime(Over over) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.HARDWARE_TIME)) {
            assertEquals(HARDWARE, pair.receiver.get(TIMESTAMPING));
            var metadata = pair.metadata();
            System.out.println("SO_TIMESTAMPING " + HARDWARE + " over " + over + ": " + metadata);
            assertFalse(metadata.has(Metadata.HARDWARE_TIME));
            assertEquals(-1, metadata.hardwareTime());
        }
    }

    /** Times enabled by flags set earlier are still reported. */
    @ParameterizedTest
    @EnumSource
    void flagsAlreadySetStaySet(Over over) throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.receiver.set(TIMESTAMPING, SOFTWARE);
            Metadata.HARDWARE_TIME.enable(pair.receiver);
            assertEquals(HARDWARE | SOFTWARE, pair.receiver.get(TIMESTAMPING));
            // The first datagrams may lack a timestamp, since net_enable_timestamp is deferred.
            var metadata = pair.metadata();
            for (int i = 0; i < 1000 && !metadata.has(Metadata.RECEIVE_TIME); i++) {
                metadata = pair.metadata();
            }
            System.out.println("SO_TIMESTAMPING " + (HARDWARE | SOFTWARE) + " over " + over + ": " + metadata);
            assertTrue(metadata.has(Metadata.RECEIVE_TIME));
            assertFalse(metadata.has(Metadata.HARDWARE_TIME));
        }
    }
}
