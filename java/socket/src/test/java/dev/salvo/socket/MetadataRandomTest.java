package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over random bytes, most of which look like control messages, nothing throws and every value is in its range. */
@Tag("unit")
class MetadataRandomTest {

    private static final int ROUNDS = 200_000;
    private static final int[] LEVELS = {0, 1, 17, 41};
    private static final int[] TYPES = {1, 2, 8, 20, 29, 35, 37, 40, 50, 52, 63, 64, 65, 67, 74, 104};

    private final MetadataReader reader = new MetadataReader();
    private final DatagramMetadata metadata = new DatagramMetadata(null);
    private final Counters counters = new Counters();

    @Test
    void nothingThrowsAndEveryValueIsInItsRange() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        var sources = new SockAddr[]{SockAddr.of("127.0.0.1", 1), SockAddr.of("::1", 1), SockAddr.view()};
        var told = new EnumMap<Metadata, Integer>(Metadata.class);
        for (int round = 0; round < ROUNDS; round++) {
            var bytes = new byte[random.nextInt(200)];
            fill(random, bytes);
            reader.control().reset(MemorySegment.ofArray(bytes), 0, bytes.length);
            reader.read(metadata, sources[round % sources.length], counters);
            requireInRange();
            for (var what : Metadata.values()) {
                told.merge(what, metadata.has(what) ? 1 : 0, Integer::sum);
            }
        }
        told.forEach((what, times) -> assertTrue(times > 100, () -> what + " is hardly tested"));
    }

    private static void fill(RandomGenerator random, byte[] bytes) {
        random.nextBytes(bytes);
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        while (buffer.remaining() >= 16 && random.nextInt(10) > 0) {
            var length = random.nextInt(14, 70);
            buffer.putLong(length);
            buffer.putInt(LEVELS[random.nextInt(LEVELS.length)]);
            buffer.putInt(TYPES[random.nextInt(TYPES.length)]);
            buffer.position(Math.min(buffer.limit(), buffer.position() - 16 + ((length + 7) & -8)));
        }
    }

    private void requireInRange() {
        requireRange(metadata.trafficClass(), -1, 255);
        requireRange(metadata.dscp(), -1, 63);
        requireRange(metadata.ecn(), -1, 3);
        requireRange(metadata.hopLimit(), -1, 255);
        requireRange(metadata.packetDrops(), -1, 0xffff_ffffL);
        requireRange(metadata.newPacketDrops(), -1, 0xffff_ffffL);
        requireRange(metadata.receiveTime(), -1, Long.MAX_VALUE);
        requireRange(metadata.hardwareTime(), -1, Long.MAX_VALUE);
        requireRange(metadata.interfaceIndex(), -1, Integer.MAX_VALUE);
        requireRange(metadata.segmentSize(), -1, Integer.MAX_VALUE);
        assertTrue(metadata.toString().startsWith("metadata"));
        for (var address : new SockAddr[]{metadata.localAddress(), metadata.answerAddress()}) {
            assertTrue(address == null || address.copy().equals(address));
        }
    }

    private static void requireRange(long value, long least, long most) {
        assertTrue(value >= least && value <= most, () -> value + " is not in " + least + " to " + most);
    }
}
