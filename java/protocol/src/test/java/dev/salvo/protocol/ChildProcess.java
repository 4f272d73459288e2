package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child process that takes commands on stdin and whose output is read line by line. Closing kills it if it still
 * runs.
 */
public final class ChildProcess implements AutoCloseable {

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

    /** Starts a main class of these tests in its own JVM. */
    static ChildProcess java(Class<?> main, String... arguments) throws IOException {
        return new ChildProcess(javaCommand(main, arguments));
    }

    public static List<String> javaCommand(Class<?> main, String... arguments) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Starts a script from the test resources. It needs Python 3.9: without it the test is skipped, and in CI it fails.
     */
    static ChildProcess python(String script, String... arguments) throws Exception {
        require("import socket; socket.send_fds", "Python 3.9 (Debian package python3)");
        return new ChildProcess(python(List.of(), script, arguments));
    }

    /** As {@link #python(String, String...)}, in a network namespace. */
    static ChildProcess python(NetNamespace namespace, String script, String... arguments) throws Exception {
        require("import socket; socket.send_fds", "Python 3.9 (Debian package python3)");
        return new ChildProcess(python(inside(namespace), script, arguments));
    }

    /** As {@link #python(String, String...)}, in a network namespace, with Debian's Twisted. */
    static ChildProcess twisted(NetNamespace namespace, String script, String... arguments) throws Exception {
        require("import twisted.internet.reactor", "Twisted (Debian package python3-twisted)");
        return new ChildProcess(python(inside(namespace), script, arguments));
    }

    private static List<String> inside(NetNamespace namespace) {
        return List.of("ip", "netns", "exec", namespace.name());
    }

    private static List<String> python(List<String> prefix, String script, String... arguments)
            throws URISyntaxException {
        var file = Path.of(Objects.requireNonNull(ChildProcess.class.getResource("/" + script)).toURI());
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(PYTHON.toString(), file.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void require(String program, String what) throws IOException, InterruptedException {
        if (Files.isExecutable(PYTHON)) {
            var check = new ProcessBuilder(PYTHON.toString(), "-c", program).start();
            if (check.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && check.exitValue() == 0) {
                return;
            }
        }
        var message = "needs " + what + " as " + PYTHON;
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

    /** Waits for the next line of its output. */
    String line() throws InterruptedException {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            return fail(line == null ? "it printed nothing" : "it printed no further line");
        }
        return line;
    }

    /** Closes its stdin, waits until it exits, and returns the exit code. */
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
