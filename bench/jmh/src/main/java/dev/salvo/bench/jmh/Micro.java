package dev.salvo.bench.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs the C counterpart of a benchmark, {@code native/reference/micro.c}.
 *
 * @param program the binary
 */
record Micro(Path program) {

    private static final Pattern NANOSECONDS = Pattern.compile("\"nanos\"\\s*:\\s*([0-9.]+)");
    private static final int PATIENCE_SECONDS = 30;

    /**
     * Returns the nanoseconds for a datagram, or for a call. If the program fails, hangs or prints no figure, this
     * prints the reason to stderr and returns empty.
     */
    OptionalDouble run(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            // The output is a line or two, which the pipe can hold until it is read below.
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the C program did not end within " + PATIENCE_SECONDS + " s: " + command);
                return OptionalDouble.empty();
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            var nanos = nanoseconds(output);
            if (process.exitValue() != 0 || nanos.isEmpty()) {
                System.err.println("the C program failed with exit code " + process.exitValue() + " and output \""
                        + output.strip() + "\": " + command);
                return OptionalDouble.empty();
            }
            return nanos;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The mean of the figures in the output, one of which is in each line; empty if there is none. */
    static OptionalDouble nanoseconds(String output) {
        return NANOSECONDS.matcher(output)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .average();
    }
}
