package dev.salvo.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Over random bytes a reader terminates and reads nothing outside its memory. The bytes around it hold a marker value
 * that the bytes inside never have.
 */
@Tag("unit")
class ControlReaderRandomTest {

    private static final byte MARKER = 0x5a;
    private static final int MARGIN = 64;
    private static final int ROUNDS = 50_000;

    private final ControlReader reader = new ControlReader();

    @Test
    void randomBytesEndTheWalkWithoutReadingOutside() {
        int messages = 0;
        try (var arena = Arena.ofConfined()) {
            for (int seed = 0; seed < ROUNDS; seed++) {
                var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
                var length = random.nextInt(200);
                var start = MARGIN + random.nextInt(16);
                var memory = arena.allocate(start + length + MARGIN);
                fill(random, memory, start, length);
                reader.reset(memory, start, length);
                messages += walk(seed, length);
            }
        }
        assertTrue(messages > ROUNDS, "too few messages were read to test much: " + messages + " messages");
    }

    private static void fill(RandomGenerator random, MemorySegment memory, int start, int length) {
        memory.fill(MARKER);
        for (int i = start; i < start + length; i++) {
            var value = (byte) random.nextInt(256);
            memory.set(JAVA_BYTE, i, value == MARKER ? 0 : value);
        }
        // A random length ends the walk at once, so most headers get a plausible one.
        for (int at = start; at + 8 <= start + length && random.nextInt(8) > 0;) {
            var claimed = random.nextInt(12, 48);
            memory.set(JAVA_LONG_UNALIGNED, at, claimed);
            at += (claimed + 7) & -8;
        }
    }

    private int walk(int seed, int length) {
        int messages = 0;
        long total = 0;
        while (reader.next()) {
            messages++;
            total += 16 + reader.dataLength();
            assertTrue(total <= length, () -> "seed " + seed);
            for (int i = 0; i < 4; i++) {
                assertNotEquals(MARKER, (byte) (reader.level() >> (8 * i)), () -> "level, seed " + seed);
                assertNotEquals(MARKER, (byte) (reader.type() >> (8 * i)), () -> "type, seed " + seed);
            }
            for (int i = 0; i < reader.dataLength(); i++) {
                assertNotEquals(MARKER, reader.getByte(i), () -> "data, seed " + seed);
            }
        }
        assertEquals(false, reader.next(), () -> "seed " + seed);
        return messages;
    }
}
