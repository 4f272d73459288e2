package dev.salvo.cli.argument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a duration on the command line in seconds, for example 1 or 0.25. */
public final class Seconds implements ITypeConverter<Duration> {

    private static final BigDecimal LEAST = new BigDecimal("0.01");
    private static final BigDecimal MOST = new BigDecimal("1e7");

    @Override
    public Duration convert(String text) {
        try {
            var seconds = new BigDecimal(text);
            if (seconds.compareTo(LEAST) >= 0 && seconds.compareTo(MOST) <= 0) {
                return Duration.ofMillis(
                        seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact());
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new TypeConversionException("'" + text + "' is not a number of seconds from 0.01 to 10000000");
    }
}
