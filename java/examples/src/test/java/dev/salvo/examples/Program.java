package dev.salvo.examples;

import dev.salvo.testing.NetNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An example that a test has started, as a process of its own; closing ends it. */
public final class Program implements AutoCloseable {

    /** Starting a JVM on a busy machine takes seconds. */
    private static final int PATIENCE_SECONDS = 40;

    private static final String END = "(no more)";

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Program(Process process) {
        this.process = process;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = process.inputReader()) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // Closed by the test.
            }
            lines.add(END);
        });
    }

    /**
     * Starts it as a user would, on the Java of this test.
     *
     * @param example the class with its main method
     * @param arguments its arguments, which are passed as text
     * @return the process
     * @throws IOException if there is no such Java
     */
    public static Program start(Class<?> example, Object... arguments) throws IOException {
        return start(List.of(), example, arguments);
    }

    /**
     * Starts it in a network namespace.
     *
     * @param net the namespace
     * @param example the class with its main method
     * @param arguments its arguments, which are passed as text
     * @return the process
     * @throws IOException if there is no such Java
     */
    public static Program startIn(NetNamespace net, Class<?> example, Object... arguments) throws IOException {
        return start(List.of("ip", "netns", "exec", net.name()), example, arguments);
    }

    private static Program start(List<String> before, Class<?> example, Object... arguments) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                example.getName()));
        for (var argument : arguments) {
            command.add(argument.toString());
        }
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /**
     * Waits for the next line that it prints.
     *
     * @return the line, without its terminator
     * @throws InterruptedException if this thread is interrupted
     */
    public String line() throws InterruptedException {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            lines.add(END);
            throw new AssertionError(line == null ? "nothing more is printed" : "it has ended");
        }
        return line;
    }

    /**
     * Reads the port from its first line, {@code listening on ADDRESS:PORT}.
     *
     * @return the port
     * @throws InterruptedException if this thread is interrupted
     */
    public int port() throws InterruptedException {
        var line = line();
        if (!line.startsWith("listening on ")) {
            throw new AssertionError(line);
        }
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** Returns true if it ends by itself, with exit code 0. */
    boolean endsWell() throws InterruptedException {
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
