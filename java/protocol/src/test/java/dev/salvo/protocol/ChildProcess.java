package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another program, told what to do on stdin and read line by line. Closing ends it if it still runs. */
final class ChildProcess implements AutoCloseable {

    private static final Path PYTHON = Path.of("/usr/bin/python3");
    /** Starting a JVM, or a Python that imports Twisted, takes seconds on a busy machine. */
    private static final int PATIENCE_SECONDS = 60;

    private static final String END = "\u0000end";

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread.ofVirtual().start(() -> {
            try (var reader = process.inputReader()) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // Closed by the test.
            }
            lines.add(END);
        });
    }

    /** A main class of these tests, in a JVM of its own. */
    static ChildProcess java(Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildProcess(command);
    }

    /**
     * A script of these tests' resources. Needs Python and Twisted as Debian has them: skips the test where they are
     * missing, and fails it in CI.
     *
     * @param prefix a command to run it by, or nothing
     */
    static ChildProcess twisted(List<String> prefix, String script, String... arguments) throws Exception {
        requireTwisted();
        var file = Path.of(Objects.requireNonNull(ChildProcess.class.getResource("/" + script)).toURI());
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(PYTHON.toString(), file.toString()));
        command.addAll(List.of(arguments));
        return new ChildProcess(command);
    }

    private static void requireTwisted() throws Exception {
        var message = "needs Twisted for " + PYTHON + " (Debian package python3-twisted)";
        if (Files.isExecutable(PYTHON)) {
            var check = new ProcessBuilder(PYTHON.toString(), "-c", "import twisted.internet.reactor").start();
            if (check.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && check.exitValue() == 0) {
                return;
            }
        }
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        abort(message);
    }

    void tell(String line) throws IOException {
        var writer = process.outputWriter();
        writer.write(line + "\n");
        writer.flush();
    }

    /** The next line that it prints. */
    String line() throws InterruptedException {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            return fail(line == null ? "it printed nothing" : "it printed no further line");
        }
        return line;
    }

    /** Closes its stdin and waits for its end: the exit code. */
    int end() throws IOException, InterruptedException {
        process.outputWriter().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            return fail("still running; it printed " + lines);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
