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
 * Makes target/salvo.aot, from which the JVM takes classes that are loaded and linked already (JEP 483 and 514). It is
 * trained by an echo that answers some datagrams, on the java that the launcher starts (SALVO_BUILD_JAVA), since a cache
 * fits no other JVM; without a launcher on this one. Run by the build; the argument is the folder target. Without a cache
 * the command works all the same, so a failure is told and is none of the build.
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
        // The cache knows the jar by its size and time, so the time that the launcher will give it is set before.
        var begin = System.getenv("SALVO_BUILD_BEGIN");
        if (begin != null) {
            Files.setLastModifiedTime(jar, Files.getLastModifiedTime(Path.of(begin)));
        }
        var log = target.resolve("salvo-aot.log");
        var builder = new ProcessBuilder(command(jar, made)).redirectError(log.toFile());
        // What would change the JVM's options, and a cache knows some of them.
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
            throw new IOException("the JVM made none; see " + log);
        }
        // Whole, or not there: a command may start meanwhile.
        Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String java() {
        var launchers = System.getenv("SALVO_BUILD_JAVA");
        return Objects.requireNonNullElse(launchers, Path.of(System.getProperty("java.home"), "bin/java").toString());
    }

    /** The launcher's options: a cache fits the collector, the module path and the native access that it was made with. */
    private List<String> command(Path jar, Path made) {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                // Profiles in the cache have the JIT compile hundreds of methods of the linker's at once, on the core that
                // is to answer: 30 ms of 300.
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
                // An option that picocli reads, so that the cache has picocli for the other commands.
                "--no-coalesce");
    }

    /** A read from the echo waits as long as it lives. */
    private static void killAfterPatience(Process echo) {
        try {
            Thread.sleep(Duration.ofSeconds(PATIENCE_SECONDS));
            System.err.println("the echo that trains the AOT cache is killed after " + PATIENCE_SECONDS + " s");
            kill(echo);
        } catch (InterruptedException e) {
            // It ended by itself.
        }
    }

    /** The JVM that assembles the cache is a child of the echo's, and can be found while that lives. */
    private static void kill(Process echo) {
        echo.descendants().forEach(ProcessHandle::destroyForcibly);
        echo.destroyForcibly();
    }

    private static void train(Process echo) throws IOException, InterruptedException {
        try (BufferedReader out = echo.inputReader()) {
            var listening = out.readLine();
            if (listening == null) {
                throw new IOException("the echo that was to train it ended");
            }
            exchange(Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1)));
            // The JVM writes the cache as it ends. Process.destroy would close its stdout, which has the totals to come;
            // they fit the pipe, and to read to its end would wait for the child too, which has it as well.
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
            throw new IOException("the echo that was to train it does not answer", e);
        }
    }
}
