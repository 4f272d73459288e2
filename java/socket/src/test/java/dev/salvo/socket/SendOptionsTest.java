package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are values: their ranges, equality and copies. */
@Tag("unit")
class SendOptionsTest {

    private static final SockAddr IPV4 = SockAddr.of("192.0.2.1", 9);
    private static final SockAddr MAPPED = SockAddr.of("::ffff:192.0.2.1", 9);
    private static final SockAddr IPV6 = SockAddr.of("2001:db8::1", 9);

    private static final List<Consumer<SendOptions>> EACH = List.of(
            options -> options.source(IPV4),
            options -> options.sourceInterface(1),
            options -> options.trafficClass(0),
            options -> options.hopLimit(0),
            options -> options.transmitTime(1),
            options -> options.segmentSize(1),
            options -> options.transmitTimestamp(0));

    static List<Consumer<SendOptions>> each() {
        return EACH;
    }

    @ParameterizedTest
    @MethodSource("each")
    void everyOptionIsSetClearedAndCopied(Consumer<SendOptions> set) {
        var options = new SendOptions();
        set.accept(options);
        var copy = options.copy();
        assertNotEquals(new SendOptions(), options);
        assertEquals(options, copy);
        assertEquals(options.hashCode(), copy.hashCode());
        assertEquals(new SendOptions(), options.clear());
        assertNotEquals(options, copy);
    }

    @Test
    void everyOptionChangesEquality() {
        var all = EACH.stream()
                .map(set -> {
                    var options = new SendOptions();
                    set.accept(options);
                    return options;
                })
                .distinct()
                .count();
        assertEquals(EACH.size(), all);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void eightBitRangesAreChecked(int value) {
        assertThrows(IllegalArgumentException.class, () -> new SendOptions().trafficClass(value));
        assertThrows(IllegalArgumentException.class, () -> new SendOptions().hopLimit(value));
    }

    @Test
    void otherRangesAreChecked() {
        var options = new SendOptions();
        assertThrows(IllegalArgumentException.class, () -> options.sourceInterface(-1));
        assertThrows(IllegalArgumentException.class, () -> options.transmitTime(0));
        assertThrows(IllegalArgumentException.class, () -> options.transmitTime(-1));
        assertThrows(IllegalArgumentException.class, () -> options.segmentSize(0));
        assertThrows(IllegalArgumentException.class, () -> options.segmentSize(65_536));
        assertEquals(new SendOptions(), options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void theWildcardIsNoSource(String wildcard) {
        assertEquals(new SendOptions(), new SendOptions().source(IPV4).source(SockAddr.of(wildcard, 7)));
        assertEquals(new SendOptions(), new SendOptions().sourceInterface(3).sourceInterface(0));
    }

    @Test
    void theSourceIsCopied() {
        var source = SockAddr.view();
        Struct.load(source, IPV4);
        var options = new SendOptions().source(source);
        Struct.invalidate(source);
        assertEquals(new SendOptions().source(IPV4), options);
        assertThrows(IllegalStateException.class, () -> options.source(source));
    }

    @Test
    void toStringNamesTheOptionsThatAreSet() {
        assertEquals("[]", new SendOptions().toString());
        assertEquals(
                "[source=192.0.2.1:9, sourceInterface=2, trafficClass=184, hopLimit=1, transmitTime=5, segmentSize=9,"
                        + " transmitTimestamp=-1]",
                new SendOptions().transmitTimestamp(-1).segmentSize(9).transmitTime(5).hopLimit(1).trafficClass(184)
                        .sourceInterface(2)
                        .source(IPV4)
                        .toString());
    }

    @Test
    void aSourceOfTheOtherFamilyIsRefused() throws SyscallException {
        var payload = MemorySegment.ofArray(new byte[1]);
        try (var batch = SendBatch.open()) {
            for (var to : List.of(IPV4, MAPPED)) {
                batch.add(payload, 0, 1, to, new SendOptions().source(IPV4));
                batch.add(payload, 0, 1, to, new SendOptions().source(MAPPED));
                assertThrows(IllegalArgumentException.class,
                        () -> batch.add(payload, 0, 1, to, new SendOptions().source(IPV6)));
            }
            batch.add(payload, 0, 1, IPV6, new SendOptions().source(IPV6));
            for (var source : List.of(IPV4, MAPPED)) {
                assertThrows(IllegalArgumentException.class,
                        () -> batch.add(payload, 0, 1, IPV6, new SendOptions().source(source)));
            }
            assertEquals(5, batch.pendingDatagrams());
        }
    }
}
