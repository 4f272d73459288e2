package dev.salvo.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Reads files of round-trip times as the load generator writes them: nanoseconds, eight bytes each, in native byte
 * order. Prints one line of JSON for each file.
 */
final class Percentiles {

    /** The histogram's significant digits: each value is exact to a thousandth. */
    private static final int DIGITS = 3;

    private Percentiles() {}

    static void main(String[] files) throws IOException {
        if (files.length == 0) {
            System.err.println("Usage: Percentiles FILE...");
            System.exit(2);
        }
        for (var file : files) {
            System.out.println(json(file, histogram(Path.of(file))));
        }
    }

    static Histogram histogram(Path file) throws IOException {
        var histogram = new Histogram(DIGITS);
        try (var channel = FileChannel.open(file);
                var arena = Arena.ofConfined()) {
            if (channel.size() % Long.BYTES != 0) {
                throw new IOException(file + " is truncated: its size is not a multiple of 8 bytes");
            }
            var numbers = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            for (long at = 0; at < numbers.byteSize(); at += Long.BYTES) {
                histogram.recordValue(numbers.get(JAVA_LONG_UNALIGNED, at));
            }
        }
        return histogram;
    }

    /** An empty histogram has null for each number: a reader would take 0 for a measured time. */
    static String json(String file, Histogram histogram) {
        var name = file.replace("\\", "\\\\").replace("\"", "\\\"");
        if (histogram.getTotalCount() == 0) {
            return "{\"file\":\"" + name + "\",\"count\":0,\"p50\":null,\"p90\":null,\"p99\":null,\"p999\":null,"
                    + "\"max\":null,\"mean\":null}";
        }
        return String.format(Locale.ROOT,
                "{\"file\":\"%s\",\"count\":%d,\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d,\"mean\":%.1f}",
                name, histogram.getTotalCount(), histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90), histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9), histogram.getMaxValue(), histogram.getMean());
    }
}
