package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.TransmitTimestamp.Kind;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.Timestamping;
import dev.salvo.socket.option.Timestamping.Flag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SO_TIMESTAMPING for all datagrams of a socket, without SendOptions. */
@Tag("loopback")
class KernelStampsTest {

    private static List<TransmitTimestamp> readStamps(Over over, int count, Flag... flags) throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.sender.set(SocketLevelOptions.TIMESTAMPING, Timestamping.of(flags));
            // Of growing length, so that they are not joined.
            pair.send("1").send("22");
            var stamps = Stamps.await(pair.sender, count);
            System.out.println("sent over loopback, " + over + ", with " + List.of(flags) + ": " + stamps);
            return stamps;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKernelNumbersTimestampsAndNamesTheirPoints(Over over) throws SyscallException {
        var before = Stamps.now();
        var stamps = readStamps(over, 4, Flag.TX_SCHED, Flag.TX_SOFTWARE, Flag.SOFTWARE, Flag.OPT_ID, Flag.OPT_TSONLY);
        assertEquals(List.of(0, 0, 1, 1), Stamps.ids(stamps));
        assertEquals(
                List.of(Kind.SCHED, Kind.SND, Kind.SCHED, Kind.SND),
                stamps.stream().map(TransmitTimestamp::kind).toList());
        Stamps.assertSoftware(stamps.stream().filter(stamp -> stamp.kind() == Kind.SND).toList(), before, Stamps.now());
    }

    /** The timestamp carries the payload with its headers, which must cause no error. */
    @ParameterizedTest
    @EnumSource
    void timestampsThatCarryThePayloadAreReadToo(Over over) throws SyscallException {
        assertEquals(2, readStamps(over, 2, Flag.TX_SOFTWARE, Flag.SOFTWARE, Flag.OPT_ID).size());
    }

    /**
     * Loopback has no clock. The kernel accepts the flags and reports no time, or the host's time if the flags ask for
     * it.
     */
    @ParameterizedTest
    @EnumSource
    void loopbackReportsNoHardwareTime(Over over) throws SyscallException {
        assertEquals(List.of(), readStamps(over, 0, Flag.TX_HARDWARE, Flag.RAW_HARDWARE, Flag.OPT_ID, Flag.OPT_TSONLY));
        var both = readStamps(over, 2, Flag.TX_HARDWARE, Flag.TX_SOFTWARE, Flag.RAW_HARDWARE, Flag.SOFTWARE,
                Flag.OPT_ID,
                Flag.OPT_TSONLY, Flag.OPT_TX_SWHW);
        assertEquals(List.of(0, 1), Stamps.ids(both));
        assertEquals(List.of(-1L, -1L), new ArrayList<>(both.stream().map(TransmitTimestamp::hardwareNanos).toList()));
    }
}
