package dev.salvo.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A Python process that runs a function of descriptors.py. Needs Python 3.9, and only its standard library. */
public final class Python implements AutoCloseable {

    private static final Path INTERPRETER = Path.of("/usr/bin/python3");

    private final Process process;
    private final BufferedReader out;

    private Python(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    /** Skips the test where there is no Python, and fails it in CI. */
    public static Python start(String function, String... arguments) throws IOException, URISyntaxException {
        if (!Files.isExecutable(INTERPRETER)) {
            var message = "needs " + INTERPRETER + " (Debian package python3)";
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        var script = Path.of(Objects.requireNonNull(Python.class.getResource("/descriptors.py")).toURI());
        var command = new ArrayList<>(List.of(INTERPRETER.toString(), script.toString(), function));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        return new Python(builder.start());
    }

    /** Returns the next line that it prints. */
    public String line() throws IOException {
        return Objects.requireNonNull(out.readLine(), "it printed no further line");
    }

    public int number() throws IOException {
        return Integer.parseInt(line());
    }

    /** Waits until it exits with status 0, and returns the rest of its output. */
    public List<String> rest() throws IOException, InterruptedException {
        var lines = out.readAllLines();
        assertEquals(true, process.waitFor(20, TimeUnit.SECONDS), "still running");
        assertEquals(0, process.exitValue());
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
