package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control messages put together by hand: what the kernel can write, and what it can't. */
@Tag("unit")
class MetadataReaderTest {

    private static final int SOL_SOCKET = 1;
    private static final int IP = 0;
    private static final int IPV6 = 41;
    private static final SockAddr IPV4_PEER = SockAddr.of("192.0.2.1", 7);
    private static final SockAddr IPV6_PEER = SockAddr.of("2001:db8::1", 7);

    private final MetadataReader reader = new MetadataReader();
    private final DatagramMetadata metadata = new DatagramMetadata(null);
    private final Counters counters = new Counters();
    private final ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    private MetadataReaderTest message(int level, int type, byte... data) {
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

    /** So many of the bytes, or all; they are taken. */
    private DatagramMetadata read(SockAddr source) {
        reader.control().reset(MemorySegment.ofArray(bytes.array()), 0, bytes.position());
        reader.read(metadata, source, counters);
        bytes.clear();
        return metadata;
    }

    /** Trap 22: 32 bits that wrap, and are not told while they are 0. */
    @Test
    void dropsWrap() {
        message(SOL_SOCKET, 40, words(-3)).read(IPV4_PEER);
        assertEquals(0xffff_fffdL, metadata.packetDrops());
        assertEquals(0xffff_fffdL, metadata.newPacketDrops());
        message(SOL_SOCKET, 40, words(-1)).read(IPV4_PEER);
        assertEquals(0xffff_ffffL, metadata.packetDrops());
        assertEquals(2, metadata.newPacketDrops());
        read(IPV4_PEER);
        assertEquals(-1, metadata.packetDrops());
        assertEquals(-1, metadata.newPacketDrops());
        message(SOL_SOCKET, 40, words(4)).read(IPV4_PEER);
        assertEquals(4, metadata.packetDrops());
        assertEquals(5, metadata.newPacketDrops());
    }

    @Test
    void threeTimesOfWhichTheSecondIsOutOfUse() {
        message(SOL_SOCKET, 37, times(1_700_000_000, 999_999_999, 5, 5, 37, 1)).read(IPV4_PEER);
        assertEquals(1_700_000_000_999_999_999L, metadata.receiveTime());
        assertEquals(37_000_000_001L, metadata.hardwareTime());
    }

    /** Either may be switched on, and a time of zero is none. */
    @Test
    void aTimeThatIsAbsentHidesNone() {
        message(SOL_SOCKET, 35, times(7, 8)).message(SOL_SOCKET, 37, times(0, 0, 0, 0, 0, 0)).read(IPV4_PEER);
        assertEquals(7_000_000_008L, metadata.receiveTime());
        assertFalse(metadata.has(Metadata.HARDWARE_TIME));
    }

    /** The numbers of 64 bits, SO_TIMESTAMP_NEW and its kin, and microseconds. */
    @ParameterizedTest
    @CsvSource({"29, 7000008000", "35, 7000000008", "63, 7000008000", "64, 7000000008"})
    void everyKindOfTime(int type, long nanoseconds) {
        message(SOL_SOCKET, type, times(7, 8)).read(IPV4_PEER);
        assertEquals(nanoseconds, metadata.receiveTime());
    }

    @Test
    void threeTimesOf64Bits() {
        message(SOL_SOCKET, 65, times(7, 8, 0, 0, 9, 10)).read(IPV4_PEER);
        assertEquals(7_000_000_008L, metadata.receiveTime());
        assertEquals(9_000_000_010L, metadata.hardwareTime());
    }

    /** ipi_ifindex and ipi_spec_dst are 0 if the option was off when the datagram was queued. */
    @Test
    void anInterfaceAndAnAnswerThatTheKernelDoesNotKnow() {
        message(IP, 8, 0, 0, 0, 0, 0, 0, 0, 0, 198, 51, 100, 9).read(IPV4_PEER);
        assertEquals(SockAddr.of("198.51.100.9", 0), metadata.localAddress());
        assertNull(metadata.answerAddress());
        assertEquals(-1, metadata.interfaceIndex());
    }

    private MetadataReaderTest message(int level, int type, int... data) {
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
            // destination, scope id, whether it can be answered from
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
    void destinationsOfIpv6(String destination, int scope, boolean answered) {
        message(IPV6, 50, pktinfo6(destination, 5)).read(IPV6_PEER);
        var expected = SockAddr.of(destination + (scope == 0 ? "" : "%" + scope), 0);
        assertEquals(expected, metadata.localAddress());
        assertEquals(answered ? expected : null, metadata.answerAddress());
        assertEquals(5, metadata.interfaceIndex());
    }

    /** The port is kept, whichever of the two comes first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOriginalDestinationAndPktinfo(boolean portFirst) {
        var destination = new byte[]{2, 0, 0x27, 0x0f, (byte) 198, 51, 100, 9, 0, 0, 0, 0, 0, 0, 0, 0};
        if (portFirst) {
            message(IP, 20, destination);
        }
        message(IP, 8, 3, 0, 0, 0, 198, 51, 100, 1, 198, 51, 100, 9);
        if (!portFirst) {
            message(IP, 20, destination);
        }
        read(IPV4_PEER);
        assertEquals(SockAddr.of("198.51.100.9", 9999), metadata.localAddress());
        assertEquals(SockAddr.of("198.51.100.1", 0), metadata.answerAddress());
    }

    /** Each is one byte short, but that of one byte, which is empty; and then comes one of nobody's. */
    @Test
    void whatIsTooShortIsPassedOver() {
        message(SOL_SOCKET, 40, new byte[3]).message(SOL_SOCKET, 35, new byte[15]);
        message(SOL_SOCKET, 37, new byte[15]).message(IP, 8, new byte[11]).message(IP, 1, new byte[0]);
        message(IP, 2, new byte[3]).message(IP, 20, new byte[15]).message(IPV6, 50, new byte[19]);
        message(IPV6, 67, new byte[3]).message(IPV6, 52, new byte[3]).message(IPV6, 74, new byte[27]);
        message(17, 104, new byte[3]).message(99, 99, new byte[8]).message(17, 99, new byte[8]).read(IPV4_PEER);
        assertEquals("metadata: none", metadata.toString());
        assertEquals(0, counters.dropsTold);
    }

    /** Whatever is whole before the cut is told. */
    @Test
    void messagesCutAtEveryByte() {
        for (int length = 0; length <= 72; length++) {
            message(IP, 1, 0xb9).message(IP, 2, 33, 0, 0, 0).message(17, 104, words(1200));
            bytes.position(length);
            read(IPV4_PEER);
            assertEquals(length >= 17 ? 0xb9 : -1, metadata.trafficClass(), "of " + length);
            assertEquals(length >= 24 + 20 ? 33 : -1, metadata.hopLimit(), "of " + length);
            assertEquals(length >= 48 + 20 ? 1200 : -1, metadata.segmentSize(), "of " + length);
        }
    }
}
