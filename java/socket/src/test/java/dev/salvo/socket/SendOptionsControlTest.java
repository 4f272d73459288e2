package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.SentMessage;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trap 12: the control messages match the destination's family and contain only the options that are set. */
@Tag("fault")
class SendOptionsControlTest {

    private static final SockAddr IPV4 = SockAddr.of("192.0.2.1", 9);
    private static final SockAddr MAPPED = SockAddr.of("::ffff:192.0.2.1", 9);
    private static final SockAddr IPV6 = SockAddr.of("2001:db8::1", 9);

    /** 127.0.0.2 as an int of a little-endian machine, and ::ffff before it. */
    private static final String LOCAL2 = Integer.toString(0x0200007f);

    private static final String MAPPED_LOCAL2 = "0,0,-65536," + LOCAL2;
    private static final String ONE = "0,0,0," + (1 << 24);

    private static String controlMessages(@Nullable SockAddr destination, SendOptions options) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.batch.add(MemorySegment.ofArray(new byte[1]), 0, 1, destination, options);
            sender.send();
            return sender.kernel.sent().getFirst().options();
        }
    }

    private static SendOptions options() {
        return new SendOptions();
    }

    @Test
    void emptyOptionsWriteNoControlMessages() throws SyscallException {
        assertEquals("", controlMessages(IPV4, options()));
    }

    @Test
    void trafficClass() throws SyscallException {
        var options = options().trafficClass(0xb9);
        assertEquals("0:1=185", controlMessages(IPV4, options));
        assertEquals("0:1=185", controlMessages(MAPPED, options));
        assertEquals("41:67=185", controlMessages(IPV6, options));
        assertEquals("0:1=185 41:67=185", controlMessages(null, options));
    }

    @Test
    void hopLimit() throws SyscallException {
        var options = options().hopLimit(3);
        assertEquals("0:2=3", controlMessages(IPV4, options));
        assertEquals("0:2=3", controlMessages(MAPPED, options));
        assertEquals("41:52=3", controlMessages(IPV6, options));
        assertEquals("0:2=3 41:52=3", controlMessages(null, options));
    }

    @Test
    void sourceOverIpv4() throws SyscallException {
        for (var source : List.of("127.0.0.2", "::ffff:127.0.0.2")) {
            var options = options().source(SockAddr.of(source, 9));
            assertEquals("0:8=0," + LOCAL2 + ",0", controlMessages(IPV4, options));
            assertEquals("0:8=0," + LOCAL2 + ",0", controlMessages(MAPPED, options));
            assertEquals("0:8=0," + LOCAL2 + ",0 41:50=" + MAPPED_LOCAL2 + ",0", controlMessages(null, options));
        }
    }

    @Test
    void sourceOverIpv6() throws SyscallException {
        var options = options().source(SockAddr.of("::1", 9));
        assertEquals("41:50=" + ONE + ",0", controlMessages(IPV6, options));
        assertEquals("0:8=0,-1,0 41:50=" + ONE + ",0", controlMessages(null, options));
    }

    @Test
    void theScopeOfTheSourceNamesTheInterface() throws SyscallException {
        var source = SockAddr.of("fe80::1%1", 9);
        assertEquals("41:50=33022,0,0," + (1 << 24) + ",1", controlMessages(IPV6, options().source(source)));
        assertEquals(
                "41:50=33022,0,0," + (1 << 24) + ",7",
                controlMessages(IPV6, options().source(source).sourceInterface(7)));
    }

    @Test
    void anInterfaceWithoutASource() throws SyscallException {
        var options = options().sourceInterface(7);
        assertEquals("0:8=7,0,0", controlMessages(IPV4, options));
        assertEquals("0:8=7,0,0", controlMessages(MAPPED, options));
        assertEquals("41:50=0,0,0,0,7", controlMessages(IPV6, options));
        // IPV6_2292PKTINFO: IPV6_PKTINFO would be EINVAL if the peer is IPv4-mapped.
        assertEquals("0:8=7,0,0 41:2=0,0,0,0,7", controlMessages(null, options));
    }

    @Test
    void theTransmitTimeIsScmTxtime() throws SyscallException {
        assertEquals("1:61=5,2", controlMessages(IPV4, options().transmitTime((2L << 32) + 5)));
    }

    @Test
    void theTransmitTimestampCarriesItsId() throws SyscallException {
        var options = options().transmitTimestamp(-5);
        assertEquals("1:37=2 1:81=-5", controlMessages(IPV4, options));
        assertEquals("1:37=2 1:81=-5", controlMessages(IPV6, options));
        assertEquals("1:37=2 1:81=-5", controlMessages(null, options));
    }

    /** All options that fit together. */
    @Test
    void allOptionsFitTogether() throws SyscallException {
        var all = options().source(SockAddr.of("127.0.0.2", 9)).sourceInterface(1).trafficClass(2).hopLimit(3)
                .transmitTime(4)
                .segmentSize(5)
                .transmitTimestamp(6);
        assertEquals(
                "0:8=1," + LOCAL2 + ",0 41:50=" + MAPPED_LOCAL2 + ",1 0:1=2 41:67=2 0:2=3 41:52=3 1:61=4,0"
                        + " 1:37=2 1:81=6",
                controlMessages(null, all));
    }

    /** The memory for options is described with the first message that has options, between messages without. */
    @Test
    void messagesAroundOneWithOptionsKeepTheirSegmentSizes() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int round = 0; round < 2; round++) {
                sender.add(ScriptedSender.A, "1", "2");
                sender.add(ScriptedSender.B, "333", "444", "5");
                sender.batch.add(MemorySegment.ofArray(new byte[4]), 0, 4, IPV4, options().trafficClass(1));
                sender.batch.add(MemorySegment.ofArray(new byte[4]), 0, 4, IPV4, options().trafficClass(1));
                sender.add(ScriptedSender.C, "6");
                sender.send();
                var sent = sender.kernel.sent();
                assertEquals(List.of(1, 3, 4, 0), sent.stream().map(SentMessage::segmentSize).toList());
                assertEquals(List.of("", "", "0:1=1", ""), sent.stream().map(SentMessage::options).toList());
                sender.kernel.forget();
            }
        }
    }
}
