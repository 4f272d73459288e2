package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges are checked when options are made, and changing one changes no other. */
@Tag("unit")
class PortOptionsTest {

    @Test
    void theDefaultsCutNothing() {
        assertEquals(new PortOptions("", 65_535, true, 1 << 20, false), PortOptions.defaults());
    }

    @Test
    void eachIsChangedAlone() {
        var changed = PortOptions.defaults()
                .withInterface("::1")
                .withMaxPacketSize(512)
                .withCoalescing(false)
                .withSendQueueBytes(7)
                .withListenMultiple(true);
        assertEquals(new PortOptions("::1", 512, false, 7, true), changed);
        assertEquals(new PortOptions("", 65_535, true, 1 << 20, false), PortOptions.defaults());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535})
    void packetSizesThatAre(int bytes) {
        assertEquals(bytes, PortOptions.defaults().withMaxPacketSize(bytes).maxPacketSize());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE})
    void packetSizesThatAreNot(int bytes) {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.defaults().withMaxPacketSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void queueSizesThatAre(long bytes) {
        assertEquals(bytes, PortOptions.defaults().withSendQueueBytes(bytes).sendQueueBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void queueSizesThatAreNot(long bytes) {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.defaults().withSendQueueBytes(bytes));
    }
}
