package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.SockOpt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel takes the flags for any socket. What has no clock, as loopback, tells no time. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HardwareTimeTest {

    private static final SockOpt<Integer> TIMESTAMPING = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());
    private static final int HARDWARE = Linux.SOF_TIMESTAMPING_RX_HARDWARE() | Linux.SOF_TIMESTAMPING_RAW_HARDWARE();
    private static final int SOFTWARE = Linux.SOF_TIMESTAMPING_RX_SOFTWARE() | Linux.SOF_TIMESTAMPING_SOFTWARE();

    @ParameterizedTest
    @EnumSource
    void loopbackHasNone(Over over) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.HARDWARE_TIME)) {
            assertEquals(HARDWARE, pair.receiver.get(TIMESTAMPING));
            var metadata = pair.told();
            System.out.println("SO_TIMESTAMPING " + HARDWARE + " over " + over + ": " + metadata);
            assertFalse(metadata.has(Metadata.HARDWARE_TIME));
            assertEquals(-1, metadata.hardwareTime());
        }
    }

    /** The time that came of flags which were set before still comes. */
    @ParameterizedTest
    @EnumSource
    void flagsThatAreSetStaySet(Over over) throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.receiver.set(TIMESTAMPING, SOFTWARE);
            Metadata.HARDWARE_TIME.enable(pair.receiver);
            assertEquals(HARDWARE | SOFTWARE, pair.receiver.get(TIMESTAMPING));
            // Whether the very first datagrams are stamped is the kernel's race (net_enable_timestamp is deferred).
            var metadata = pair.told();
            for (int i = 0; i < 1000 && !metadata.has(Metadata.RECEIVE_TIME); i++) {
                metadata = pair.told();
            }
            System.out.println("SO_TIMESTAMPING " + (HARDWARE | SOFTWARE) + " over " + over + ": " + metadata);
            assertTrue(metadata.has(Metadata.RECEIVE_TIME));
            assertFalse(metadata.has(Metadata.HARDWARE_TIME));
        }
    }
}
