import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Makes target/salvo.aot, an AOT cache from which the JVM takes classes that are already loaded and linked (JEP 483 and
 * 514). The build runs this class; its argument is the folder target.
 *
 * <p>The training run is an echo that answers some datagrams. It runs on the java that the launcher starts
 * (SALVO_BUILD_JAVA), because a cache fits no other JVM; in a build without the launcher it runs on this JVM. The
 * command works without a cache, so a failure prints a warning and does not fail the build.
 */
final class AotCache {

    private static final int ROUND_TRIPS = 2000;
    private static final int PATIENCE_SECONDS = 60;

    private final Path target;
    private final Path cache;

    private AotCache(Path target) {
        this.target = target;
        this.cache = target.resolve("salvo.aot");
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            new AotCache(Path.of(arguments[0]).toRealPath()).make();
        } catch (IOException | RuntimeException e) {
            System.err.println("warning: no AOT cache, so ./salvo starts slower: " + e.getMessage());
        }
    }

    private void make() throws IOException, InterruptedException {
        var made = target.resolve("salvo.aot.new");
        Files.deleteIfExists(made);
        Files.deleteIfExists(cache);
        ClassVersions.raise(target.resolve("modules/picocli.jar"));
        var jar = target.resolve("salvo-cli.jar");
        // The cache identifies the jar by its size and modification time. The launcher will set that time later, so it
        // is set to the same value now.
        var begin = System.getenv("SALVO_BUILD_BEGIN");
        if (begin != null) {
            Files.setLastModifiedTime(jar, Files.getLastModifiedTime(Path.of(begin)));
        }
        var log = target.resolve("salvo-aot.log");
        var builder = new ProcessBuilder(command(jar, made)).redirectError(log.toFile());
        // These variables can change the options of the JVM, and a cache fits only some of them.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        var echo = builder.start();
        var watch = Thread.ofVirtual().start(() -> killAfterPatience(echo));
        try {
            train(echo);
        } finally {
            watch.interrupt();
            kill(echo);
        }
        if (!Files.exists(made)) {
            throw new IOException("the JVM did not write the cache; see " + log);
        }
        // The launcher uses no other cache than one with this sum: a JVM that maps a damaged one crashes.
        var sum = new ProcessBuilder("cksum")
                .redirectInput(made.toFile())
                .redirectOutput(target.resolve("salvo.aot.sum").toFile())
                .start();
        if (sum.waitFor() != 0) {
            throw new IOException("cksum failed on " + made);
        }
        // A command that starts meanwhile must find either the whole cache or none.
        Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String java() {
        var launchers = System.getenv("SALVO_BUILD_JAVA");
        return Objects.requireNonNullElse(launchers, Path.of(System.getProperty("java.home"), "bin/java").toString());
    }

    /**
     * The command line with the launcher's options: a cache fits only the collector, the module path and the native
     * access that it was made with.
     */
    private List<String> command(Path jar, Path made) {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                // With profiles in the cache the JIT would compile hundreds of the linker's methods at the start, on
                // the core that has to answer. That takes 30 ms of 300.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-AOTRecordTraining",
                "-XX:AOTCacheOutput=" + made,
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "--enable-native-access=dev.salvo.bindings,dev.salvo.socket",
                "--module-path",
                target.resolve("modules") + ":" + jar,
                "--module",
                "dev.salvo.cli/dev.salvo.cli.Salvo",
                "echo",
                "--bind",
                "127.0.0.1:0",
                // Picocli parses this option, so the cache also has picocli's classes for the other commands.
                "--no-coalesce");
    }

    /** Kills the echo after a time limit, because a read from it blocks as long as it runs. */
    private static void killAfterPatience(Process echo) {
        try {
            Thread.sleep(Duration.ofSeconds(PATIENCE_SECONDS));
            System.err.println("the training run of the AOT cache did not end within " + PATIENCE_SECONDS
                    + " s and was killed");
            kill(echo);
        } catch (InterruptedException e) {
            // The training ended in time.
        }
    }

    /** The JVM that assembles the cache is a child of the echo and can be found only while the echo runs. */
    private static void kill(Process echo) {
        echo.descendants().forEach(ProcessHandle::destroyForcibly);
        echo.destroyForcibly();
    }

    private static void train(Process echo) throws IOException, InterruptedException {
        try (BufferedReader out = echo.inputReader()) {
            var listening = out.readLine();
            if (listening == null) {
                throw new IOException("the echo for the training run ended before it listened");
            }
            exchange(Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1)));
            // The JVM writes the cache when it ends. ProcessHandle.destroy leaves the echo's stdout open, where
            // Process.destroy would close it before the echo prints its totals. The totals fit into the pipe and are
            // not read: a read to the end would also wait for the echo's child, which has inherited the pipe.
            echo.toHandle().destroy();
            echo.waitFor();
        }
    }

    private static void exchange(int port) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(1000);
            var datagram = new DatagramPacket(new byte[64], 64);
            for (int i = 0; i < ROUND_TRIPS; i++) {
                socket.send(datagram);
                socket.receive(datagram);
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("the echo for the training run does not answer", e);
        }
    }
}
