package dev.salvo.cli.argument;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@Tag("unit")
class SecondsTest {

    @ParameterizedTest
    @CsvSource({"1, 1000", "0.25, 250", "0.01, 10", "60, 60000", "1e7, 10000000000"})
    void takesSecondsAndFractions(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), new Seconds().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.009", "10000001", "1s", "NaN", "", "1e999999999"})
    void refusesAnythingElse(String text) {
        assertThrows(TypeConversionException.class, () -> new Seconds().convert(text));
    }
}
