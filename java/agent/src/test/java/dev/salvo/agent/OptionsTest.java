package dev.salvo.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OptionsTest {

    @Test
    void withoutWordsTheSendsAreHeld() {
        assertEquals(new Options("held", false, false), Options.of(null));
        assertEquals(new Options("held", false, false), Options.of(" "));
    }

    @Test
    void wordsAreSeparatedByCommas() {
        assertEquals(new Options("turn", true, false), Options.of("turn, quiet"));
        assertEquals(new Options("sync", false, true), Options.of("stats,sync"));
    }

    @Test
    void anotherWordIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Options.of("turn,loud"));
    }
}
