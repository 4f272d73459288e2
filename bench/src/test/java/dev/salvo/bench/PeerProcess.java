package dev.salvo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A peer in a process of its own, as the harness starts it. Its stderr is kept, since a warning is a failure. */
final class PeerProcess implements AutoCloseable {

    /** Options that start a JVM fast, for tests only. The harness measures peers without them. */
    private static final List<String> FAST_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
    private static final List<String> NETTY_OPTIONS = List.of("-Dio.netty.noUnsafe=false",
            "--sun-misc-unsafe-memory-access=allow", "-Dio.netty.leakDetection.level=disabled");

    private static final String SLEEPS = "voluntary_ctxt_switches:";

    private final Process process;
    private final Path errors;
    private final BufferedReader output;

    private PeerProcess(List<String> command) throws IOException {
        errors = Files.createTempFile("peer", ".err");
        process = new ProcessBuilder(command).redirectError(Redirect.to(errors.toFile())).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a peer. The words are its main class and arguments, separated by spaces. */
    static PeerProcess java(String words, String... more) throws IOException {
        var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(FAST_START);
        command.addAll(words.startsWith("Netty") ? NETTY_OPTIONS : List.of());
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path"))));
        command.addAll(List.of(("dev.salvo.bench." + words).split(" ")));
        command.addAll(List.of(more));
        return new PeerProcess(command);
    }

    static PeerProcess twisted(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("/usr/bin/python3", "peers/twisted_peer.py"));
        command.addAll(List.of(arguments));
        return new PeerProcess(command);
    }

    /** Reads the line that reports that the peer is ready, and returns it without its first words. */
    String ready(String firstWords) throws IOException {
        var line = output.readLine();
        if (line == null || !line.startsWith(firstWords + " ")) {
            throw new AssertionError("first line: " + line + "; stderr: " + errors());
        }
        return line.substring(firstWords.length() + 1);
    }

    /** The address on which it listens. */
    Endpoint address() throws IOException {
        return Endpoint.parse(ready("listening on"));
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the peer still runs");
        }
        return process.exitValue();
    }

    /** The number of times that each thread went to sleep voluntarily, by its folder in /proc. */
    Map<Path, Long> sleeps() throws IOException {
        var sleeps = new HashMap<Path, Long>();
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (var thread : threads) {
                for (var line : Files.readAllLines(thread.resolve("status"))) {
                    if (line.startsWith(SLEEPS)) {
                        sleeps.put(thread, Long.parseLong(line.substring(SLEEPS.length()).strip()));
                    }
                }
            }
        }
        return sleeps;
    }

    /** Ends it as the harness does, with SIGTERM. It has to exit by itself. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
        Files.deleteIfExists(errors);
    }
}
