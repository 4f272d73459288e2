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
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Over random bytes, most of which look like control messages, the decoder never throws and every value is in its
 * range.
 */
@Tag("unit")
class MetadataRandomTest {

    private static final int ROUNDS = 200_000;
    private static final int[] LEVELS = {0, 1, 17, 41};
    private static final int[] TYPES = {1, 2, 8, 20, 29, 35, 37, 40, 50, 52, 63, 64, 65, 67, 74, 104};

    private final MetadataDecoder decoder = new MetadataDecoder();
    private final MetadataFields fields = new MetadataFields(new NativeAddress(), new NativeAddress());
    private final Counters counters = new Counters();

    @Test
    void nothingThrowsAndEveryValueIsInItsRange() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        var sources = new NativeAddress[]{
                SockAddr.of("127.0.0.1", 1), SockAddr.of("::1", 1), new NativeAddress()};
        var times = new TreeMap<String, Integer>();
        for (int round = 0; round < ROUNDS; round++) {
            var bytes = new byte[random.nextInt(200)];
            fill(random, bytes);
            decoder.control().reset(MemorySegment.ofArray(bytes), 0, bytes.length);
            decoder.read(fields, sources[round % sources.length], counters);
            requireInRange();
            for (var value : values()) {
                times.merge(value.name, value.isPresent() ? 1 : 0, Integer::sum);
            }
        }
        assertEquals(10, times.size());
        times.forEach((what, number) -> assertTrue(number > 100, () -> what + " is hardly tested"));
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

    private record Value(String name, long value, long most) {

        boolean isPresent() {
            return value != MetadataFields.ABSENT;
        }
    }

    private List<Value> values() {
        return List.of(
                new Value("traffic class", fields.trafficClass, 255),
                new Value("hop limit", fields.hopLimit, 255),
                new Value("drops", fields.packetDrops, 0xffff_ffffL),
                new Value("new drops", fields.newPacketDrops, 0xffff_ffffL),
                new Value("time", fields.receiveTime, Long.MAX_VALUE),
                new Value("hardware time", fields.hardwareTime, Long.MAX_VALUE),
                new Value("interface", fields.interfaceIndex, Integer.MAX_VALUE),
                new Value("segment size", fields.segmentSize, Integer.MAX_VALUE),
                new Value("local", Struct.isGone(fields.local) ? -1 : Struct.port(fields.local), 65_535),
                new Value("answer", Struct.isGone(fields.answer) ? -1 : Struct.port(fields.answer), 0));
    }

    private void requireInRange() {
        for (var value : values()) {
            assertTrue(value.value >= -1 && value.value <= value.most, value::toString);
        }
        for (var address : List.of(fields.local, fields.answer)) {
            assertEquals(address, new NativeAddress(address));
        }
    }
}
