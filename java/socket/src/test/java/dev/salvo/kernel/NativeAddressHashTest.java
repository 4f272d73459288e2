package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes of similar addresses differ in the bits that a small table uses, whatever the seed is. */
@Tag("unit")
class NativeAddressHashTest {

    private static final int MANY = 2000;

    /** 2,000 values in 65,536 slots: about 30 collisions are expected, and 100 never happen. */
    private static final int ENOUGH = 1900;

    private static int hash(SockAddr address, long seed) {
        var memory = MemorySegment.ofArray(new long[Struct.ROOM / Long.BYTES]);
        Struct.store(address, memory, 0);
        return Struct.hash(
                memory.get(JAVA_LONG, 0), memory.get(JAVA_LONG, Layouts.SIN6_ADDR),
                memory.get(JAVA_LONG, Layouts.SIN6_ADDR + Long.BYTES), memory.get(JAVA_INT, Layouts.SIN6_SCOPE_ID),
                seed);
    }

    private static void assertSpread(long seed, IntFunction<SockAddr> nth) {
        var low = new HashSet<Integer>();
        var high = new HashSet<Integer>();
        for (int i = 0; i < MANY; i++) {
            var hash = hash(nth.apply(i), seed);
            low.add(hash & 0xffff);
            high.add(hash >>> 16);
        }
        assertTrue(low.size() > ENOUGH, low.size() + " different low halves with the seed " + seed);
        assertTrue(high.size() > ENOUGH, high.size() + " different high halves with the seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 3, 0x1_0000_0001L, 0x1_0001_0001L, 0x0101_0101_0101_0101L, Long.MIN_VALUE | 1,
            0x5555_5555_5555_5555L})
    void noSeedIsWeak(long seed) {
        assertSpread(seed, i -> SockAddr.of("127.0.0.1", i));
        assertSpread(seed, i -> SockAddr.of("10.1." + i / 250 + "." + i % 250, 53));
        assertSpread(seed, i -> SockAddr.of("2001:db8::1", i));
        assertSpread(seed, i -> SockAddr.of("::" + Integer.toHexString(i), 9));
        assertSpread(seed, i -> SockAddr.of("2001:db8:0:" + Integer.toHexString(i) + "::1", 9));
    }

    @Test
    void linkLocalAddressesOfTwoInterfacesDiffer() {
        assertNotEquals(hash(SockAddr.of("fe80::1%1", 9), 7), hash(SockAddr.of("fe80::1%2", 9), 7));
    }

    /** The first two addresses once collided with every seed, because the top bit passes an odd factor unchanged. */
    @Test
    void noAddressesCollideWithEverySeed() {
        var meetings = 0;
        for (long seed = 1; seed < 2000; seed += 2) {
            var one = Struct.hash(10, 5, 5, 0, seed);
            var other = Struct.hash(10, 5 ^ Long.MIN_VALUE, 5 ^ 1 << 28, 0, seed);
            var both = Struct.hash(10, 5 ^ 1, 5 ^ 1, 0, seed);
            meetings += one == other || one == both ? 1 : 0;
        }
        assertEquals(0, meetings);
    }

    @Test
    void theHashDependsOnTheSeed() {
        var hashes = new HashSet<Integer>();
        for (long seed = 0; seed < MANY; seed++) {
            hashes.add(hash(SockAddr.of("127.0.0.1", 9), seed) & 0xffff);
        }
        assertTrue(hashes.size() > ENOUGH, hashes::toString);
    }
}
