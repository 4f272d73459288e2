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
 * The C that does the same, {@code native/reference/micro.c}.
 *
 * @param program the binary
 */
record Micro(Path program) {

    private static final Pattern NANOSECONDS = Pattern.compile("\"nanos\"\\s*:\\s*([0-9.]+)");
    private static final int PATIENCE_SECONDS = 30;

    /** Nanoseconds a datagram, or a call; empty, with the reason on stderr, if it told none. */
    OptionalDouble run(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            // A line or two, which the pipe holds until it is read.
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("not done after " + PATIENCE_SECONDS + " s: " + command);
                return OptionalDouble.empty();
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            var told = nanoseconds(output);
            if (process.exitValue() != 0 || told.isEmpty()) {
                System.err.println("exit " + process.exitValue() + ", " + output.strip() + ": " + command);
                return OptionalDouble.empty();
            }
            return told;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The mean of the lines. */
    static OptionalDouble nanoseconds(String output) {
        return NANOSECONDS.matcher(output)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .average();
    }
}
