package dev.salvo.socket.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.internal.observe.Counters;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control messages written by hand: those that the kernel can write, and those that it can't. */
@Tag("unit")
class MetadataDecoderTest {

    private static final int SOL_SOCKET = 1;
    private static final int IP = 0;
    private static final int IPV6 = 41;
    private static final SockAddr IPV4_PEER = SockAddr.of("192.0.2.1", 7);
    private static final SockAddr IPV6_PEER = SockAddr.of("2001:db8::1", 7);

    private final MetadataDecoder decoder = new MetadataDecoder();
    private final MetadataFields fields = new MetadataFields(new NativeAddress(), new NativeAddress());
    private final Counters counters = new Counters();
    private final ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    private MetadataDecoderTest message(int level, int type, byte... data) {
        bytes.putLong(16 + data.length).putInt(level).putInt(type).put(data);
        bytes.position((bytes.position() + 7) & -8);
        return this;
    }

    private static byte[] words(int... words) {
        var buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
        for (var word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }

    private static byte[] times(long... numbers) {
        var buffer = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.nativeOrder());
        for (var number : numbers) {
            buffer.putLong(number);
        }
        return buffer.array();
    }

    /** Decodes and consumes the bytes up to the buffer's position. */
    private void read(SockAddr source) {
        decoder.control().reset(MemorySegment.ofArray(bytes.array()), 0, bytes.position());
        decoder.read(fields, source, counters);
        bytes.clear();
    }

    /** Trap 22: the counter has 32 bits and wraps, and the kernel does not report it while it is 0. */
    @Test
    void theDropCounterWraps() {
        message(SOL_SOCKET, 40, words(-3)).read(IPV4_PEER);
        assertEquals(0xffff_fffdL, fields.packetDrops);
        assertEquals(0xffff_fffdL, fields.newPacketDrops);
        message(SOL_SOCKET, 40, words(-1)).read(IPV4_PEER);
        assertEquals(0xffff_ffffL, fields.packetDrops);
        assertEquals(2, fields.newPacketDrops);
        read(IPV4_PEER);
        assertEquals(-1, fields.packetDrops);
        assertEquals(-1, fields.newPacketDrops);
        message(SOL_SOCKET, 40, words(4)).read(IPV4_PEER);
        assertEquals(4, fields.packetDrops);
        assertEquals(5, fields.newPacketDrops);
    }

    @Test
    void theSecondOfThreeTimesIsIgnored() {
        message(SOL_SOCKET, 37, times(1_700_000_000, 999_999_999, 5, 5, 37, 1)).read(IPV4_PEER);
        assertEquals(1_700_000_000_999_999_999L, fields.receiveTime);
        assertEquals(37_000_000_001L, fields.hardwareTime);
    }

    /** Either option may be on, and a time of zero means none. */
    @Test
    void aTimeOfZeroHidesNoOther() {
        message(SOL_SOCKET, 35, times(7, 8)).message(SOL_SOCKET, 37, times(0, 0, 0, 0, 0, 0)).read(IPV4_PEER);
        assertEquals(7_000_000_008L, fields.receiveTime);
        assertEquals(-1, fields.hardwareTime);
    }

    /** The option numbers with 64-bit times, such as SO_TIMESTAMP_NEW, and those with microseconds. */
    @ParameterizedTest
    @CsvSource({"29, 7000008000", "35, 7000000008", "63, 7000008000", "64, 7000000008"})
    void everyTimestampTypeIsRead(int type, long nanoseconds) {
        message(SOL_SOCKET, type, times(7, 8)).read(IPV4_PEER);
        assertEquals(nanoseconds, fields.receiveTime);
    }

    @Test
    void threeTimesOf64BitsAreRead() {
        message(SOL_SOCKET, 65, times(7, 8, 0, 0, 9, 10)).read(IPV4_PEER);
        assertEquals(7_000_000_008L, fields.receiveTime);
        assertEquals(9_000_000_010L, fields.hardwareTime);
    }

    /** ipi_ifindex and ipi_spec_dst are 0 if the option was off when the datagram was queued. */
    @Test
    void zeroInPktinfoIsUnknown() {
        message(IP, 8, 0, 0, 0, 0, 0, 0, 0, 0, 198, 51, 100, 9).read(IPV4_PEER);
        assertEquals(SockAddr.of("198.51.100.9", 0), fields.local);
        assertTrue(Struct.isGone(fields.answer));
        assertEquals(-1, fields.interfaceIndex);
    }

    private MetadataDecoderTest message(int level, int type, int... data) {
        var narrow = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            narrow[i] = (byte) data[i];
        }
        return message(level, type, narrow);
    }

    private static byte[] pktinfo6(String address, int index) {
        return ByteBuffer.allocate(20).order(ByteOrder.nativeOrder())
                .put(SockAddr.of(address, 0).address()).putInt(index).array();
    }

    @ParameterizedTest
    @CsvSource({
            // destination, scope id, whether it is an answer address
            "2001:db8::9, 0, true",
            "::1, 0, true",
            "fe80::9, 5, true",
            "fec0::9, 0, true",
            "ff01::9, 5, false",
            "ff02::9, 5, false",
            "ff12::9, 5, false",
            "ff05::9, 0, false",
            "ff0e::9, 0, false",
            "::ffff:192.0.2.9, 0, false"})
    void onlyAUnicastIpv6DestinationIsAnAnswerAddress(String destination, int scope, boolean answered) {
        message(IPV6, 50, pktinfo6(destination, 5)).read(IPV6_PEER);
        var expected = SockAddr.of(destination + (scope == 0 ? "" : "%" + scope), 0);
        assertEquals(expected, fields.local);
        if (answered) {
            assertEquals(expected, fields.answer);
        } else {
            assertTrue(Struct.isGone(fields.answer));
        }
        assertEquals(5, fields.interfaceIndex);
    }

    /** The port is kept, in whichever order the two messages come. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOriginalDestinationKeepsItsPortBesidePktinfo(boolean portFirst) {
        var destination = new byte[]{2, 0, 0x27, 0x0f, (byte) 198, 51, 100, 9, 0, 0, 0, 0, 0, 0, 0, 0};
        if (portFirst) {
            message(IP, 20, destination);
        }
        message(IP, 8, 3, 0, 0, 0, 198, 51, 100, 1, 198, 51, 100, 9);
        if (!portFirst) {
            message(IP, 20, destination);
        }
        read(IPV4_PEER);
        assertEquals(SockAddr.of("198.51.100.9", 9999), fields.local);
        assertEquals(SockAddr.of("198.51.100.1", 0), fields.answer);
    }

    /**
     * Each message is one byte too short (a message of one byte is empty); the last ones have an unknown level or type.
     */
    @Test
    void tooShortMessagesAreIgnored() {
        message(SOL_SOCKET, 40, new byte[3]).message(SOL_SOCKET, 35, new byte[15]);
        message(SOL_SOCKET, 37, new byte[15]).message(IP, 8, new byte[11]).message(IP, 1, new byte[0]);
        message(IP, 2, new byte[3]).message(IP, 20, new byte[15]).message(IPV6, 50, new byte[19]);
        message(IPV6, 67, new byte[3]).message(IPV6, 52, new byte[3]).message(IPV6, 74, new byte[27]);
        message(17, 104, new byte[3]).message(99, 99, new byte[8]).message(17, 99, new byte[8]).read(IPV4_PEER);
        assertTrue(Struct.isGone(fields.local));
        assertTrue(Struct.isGone(fields.answer));
        var numbers = LongStream.of(
                fields.interfaceIndex, fields.trafficClass, fields.hopLimit, fields.receiveTime, fields.hardwareTime,
                fields.packetDrops, fields.newPacketDrops, fields.segmentSize);
        assertEquals(Collections.nCopies(8, -1L), numbers.boxed().toList());
        assertEquals(0, counters.dropsReported);
    }

    /** Values before the truncation are reported. */
    @Test
    void truncatedMessagesReportWholeValuesOnly() {
        for (int length = 0; length <= 72; length++) {
            message(IP, 1, 0xb9).message(IP, 2, 33, 0, 0, 0).message(17, 104, words(1200));
            bytes.position(length);
            read(IPV4_PEER);
            assertEquals(length >= 17 ? 0xb9 : -1, fields.trafficClass, "of " + length);
            assertEquals(length >= 24 + 20 ? 33 : -1, fields.hopLimit, "of " + length);
            assertEquals(length >= 48 + 20 ? 1200 : -1, fields.segmentSize, "of " + length);
        }
    }
}
