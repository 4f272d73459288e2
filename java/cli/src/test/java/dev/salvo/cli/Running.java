package dev.salvo.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that a test started, with its output line by line. Closing ends it if it still runs. */
final class Running implements AutoCloseable {

    /** Starting a JVM on a busy machine takes seconds. */
    static final int PATIENCE_SECONDS = 60;

    private static final String END = "\u0000end";

    /** The exit code and the output of a process. */
    record Outcome(int exitCode, List<String> out, List<String> err) {
    }

    private final Process process;
    private final Path errors;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> out = new ArrayList<>();

    private Running(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = process.inputReader()) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // Closed by the test.
            }
            lines.add(END);
        });
    }

    static Running start(ProcessBuilder builder) throws IOException {
        var errors = Files.createTempFile("salvo", ".err");
        return new Running(builder.redirectError(errors.toFile()).start(), errors);
    }

    static Running start(String... command) throws IOException {
        return start(new ProcessBuilder(command));
    }

    /** The launcher of this repository, on the Java of this test. */
    static ProcessBuilder salvo(String... arguments) {
        var command = new ArrayList<>(List.of(root().resolve("salvo").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("SALVO_JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** The folder of this repository. */
    static Path root() {
        return Path.of(System.getProperty("salvo.root", "../..")).toAbsolutePath().normalize();
    }

    Process process() {
        return process;
    }

    /** The next line of stdout. */
    String line() throws Exception {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            lines.add(END);
            throw new AssertionError("no line on stdout; stderr: " + Files.readAllLines(errors));
        }
        out.add(line);
        return line;
    }

    /** Reads an echo's first line, {@code listening on ADDR:PORT}, and returns the port. */
    int port() throws Exception {
        var line = line();
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** Does the same for a listener, which prints that line on stderr. */
    int portOnStderr() throws Exception {
        for (int i = 0; i < PATIENCE_SECONDS * 100 && process.isAlive(); i++) {
            var lines = Files.readAllLines(errors);
            if (!lines.isEmpty() && lines.getLast().matches("salvo: listening on .*:\\d+")) {
                return Integer.parseInt(lines.getLast().substring(lines.getLast().lastIndexOf(':') + 1));
            }
            Thread.sleep(10);
        }
        throw new AssertionError("it does not listen: " + Files.readAllLines(errors));
    }

    /** Sends it a signal, by its name without SIG. */
    void signal(String name) throws Exception {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " " + process.pid());
        }
    }

    /** Waits until the process ends. Returns its whole output, including the lines that were read before. */
    Outcome outcome() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; stdout: " + lines + ", stderr: " + Files.readAllLines(errors));
        }
        for (var line = nextLine(); !line.equals(END); line = nextLine()) {
            out.add(line);
        }
        return new Outcome(process.exitValue(), List.copyOf(out), Files.readAllLines(errors));
    }

    private String nextLine() throws InterruptedException {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("stdout has not ended, or its end was read before");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(errors);
    }
}
