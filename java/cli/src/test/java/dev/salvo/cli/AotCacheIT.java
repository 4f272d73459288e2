package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The AOT cache that the build makes. The command starts from it, and starts without a warning if it is missing or
 * unusable.
 */
@Tag("interop")
class AotCacheIT {

    private static final Path TARGET = Running.root().resolve("java/cli/target");

    /** Long enough for the JVM to read the header, and less than the length that the header states. */
    private static final int TRUNCATED_LENGTH = 1_000_000;

    @TempDir
    Path folder;

    private Path cache;

    @BeforeEach
    void copyTheCache() throws Exception {
        var built = TARGET.resolve("salvo.aot");
        assertTrue(Files.exists(built), "the build made no cache; see " + TARGET.resolve("salvo-aot.log"));
        cache = Files.copy(built, folder.resolve("salvo.aot"));
    }

    private static Running.Outcome version(String options) throws Exception {
        var salvo = Running.salvo("--version");
        salvo.environment().put("SALVO_JAVA_OPTS", options);
        try (var running = Running.start(salvo)) {
            return running.outcome();
        }
    }

    /**
     * Classes of the command, of the reactor, of the socket layer and of picocli (whose own classes are too old for a
     * cache), and the module graph.
     */
    @ParameterizedTest
    @ValueSource(strings = {
            "dev.salvo.cli.echo.EchoCommand source: shared objects file",
            "dev.salvo.reactor.Reactor source: shared objects",
            "dev.salvo.socket.UdpSocket source: shared objects", "picocli.CommandLine source: shared objects",
            "full module graph: enabled"
    })
    void theJvmStartsFromTheCache(String expected) throws Exception {
        var outcome = version("-Xlog:class+load:stdout -Xlog:aot=info:stdout");
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertTrue(outcome.out().stream().anyMatch(line -> line.contains(expected)), expected);
    }

    @Test
    void anEchoWorksWithoutTheCache() throws Exception {
        Files.delete(cache);
        echoes("-XX:AOTCache=" + cache);
    }

    @Test
    void anEchoWorksWithATruncatedCache() throws Exception {
        try (var file = Files.newByteChannel(cache, StandardOpenOption.WRITE)) {
            file.truncate(TRUNCATED_LENGTH);
        }
        echoes("-XX:AOTCache=" + cache);
    }

    @Test
    void anEchoWorksWithAFileThatIsNotACache() throws Exception {
        Files.writeString(cache, "none");
        echoes("-XX:AOTCache=" + cache);
    }

    /** The JVM trusts what it maps, so a damaged cache must not reach it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDamagedCacheIsNotUsed(boolean zeroed) throws Exception {
        var built = TARGET.resolve("salvo.aot");
        try (var file = Files.newByteChannel(built, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            if (zeroed) {
                file.position(file.size() / 3).write(ByteBuffer.allocate(1 << 20));
            } else {
                var random = new Random(1);
                var one = ByteBuffer.allocate(1);
                for (int i = 0; i < 200; i++) {
                    var at = random.nextLong(file.size());
                    file.position(at).read(one.clear());
                    one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(Byte.SIZE))));
                    file.position(at).write(one.flip());
                }
            }
            echoes("-Dany=option");
        } finally {
            Files.copy(cache, built, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The user may give options with which the cache cannot be used. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:-UseCompressedOops", "--illegal-native-access=deny", "-XX:AOTMode=off"})
    void anEchoWorksWithOptionsThatRuleOutTheCache(String option) throws Exception {
        echoes(option);
    }

    /** A cache is useless on another JVM than the one that made it. */
    @Test
    void theCacheIsTrainedOnTheJavaThatStartsAndAFailureIsAWarning() throws Exception {
        var modules = Files.createDirectory(folder.resolve("modules"));
        Files.copy(TARGET.resolve("modules/picocli.jar"), modules.resolve("picocli.jar"));
        Files.copy(TARGET.resolve("salvo-cli.jar"), folder.resolve("salvo-cli.jar"));
        var java = new FakeTree(Files.createDirectory(folder.resolve("fake"))).jdk("25").resolve("bin/java");
        var training = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                Running.root().resolve("java/cli/src/main/aot/AotCache.java").toString(), folder.toString());
        training.environment().put("SALVO_BUILD_JAVA", java.toString());
        try (var running = Running.start(training)) {
            var outcome = running.outcome();
            assertEquals(0, outcome.exitCode(), outcome::toString);
            var warning = outcome.err().getFirst();
            assertTrue(warning.startsWith("warning: no AOT cache"), warning);
            // The first line of that java, which an echo would not print.
            assertTrue(warning.contains("pid "), warning);
        }
    }

    private static void echoes(String options) throws Exception {
        var salvo = Running.salvo("echo", "--bind", "127.0.0.1:0");
        salvo.environment().put("SALVO_JAVA_OPTS", options);
        try (var echo = Running.start(salvo); var burst = new Burst()) {
            burst.send(echo.port(), 1);
            assertEquals(Burst.JOINED, burst.received(Burst.JOINED));
            echo.signal("TERM");
            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode(), outcome::toString);
            assertEquals(List.of(), outcome.err());
            assertEquals(2, outcome.out().size(), outcome::toString);
        }
    }
}
