package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache that the build makes: the command starts from it, and without a word from none or a useless one. */
@Tag("interop")
class AotCacheIT {

    private static final Path TARGET = Running.root().resolve("java/cli/target");

    /** So long that the JVM reads its header, and finds that there is less than the header tells. */
    private static final int SOME = 1_000_000;

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

    /** Of the command, of the reactor, of picocli (whose own classes are too old for a cache), and its module graph. */
    @ParameterizedTest
    @ValueSource(strings = {
            "dev.salvo.cli.EchoCommand source: shared objects file",
            "dev.salvo.protocol.UdpReactor source: shared objects",
            "dev.salvo.socket.UdpSocket source: shared objects", "picocli.CommandLine source: shared objects",
            "full module graph: enabled"
    })
    void theJvmStartsFromIt(String told) throws Exception {
        var outcome = version("-Xlog:class+load:stdout -Xlog:aot=info:stdout");
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertTrue(outcome.out().stream().anyMatch(line -> line.contains(told)), told);
    }

    @Test
    void anEchoWorksWithoutIt() throws Exception {
        Files.delete(cache);
        echoes("-XX:AOTCache=" + cache);
    }

    @Test
    void anEchoWorksWithAHalfWrittenOne() throws Exception {
        try (var file = Files.newByteChannel(cache, StandardOpenOption.WRITE)) {
            file.truncate(SOME);
        }
        echoes("-XX:AOTCache=" + cache);
    }

    @Test
    void anEchoWorksWithOneThatIsNone() throws Exception {
        Files.writeString(cache, "none");
        echoes("-XX:AOTCache=" + cache);
    }

    /** Options that a cache can't be used with are the user's to give. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:-UseCompressedOops", "--illegal-native-access=deny", "-XX:AOTMode=off"})
    void anEchoWorksWithOptionsThatTheCacheIsNotFor(String option) throws Exception {
        echoes(option);
    }

    /** On another JVM than the one that starts it, a cache is of no use. */
    @Test
    void itIsTrainedOnTheJavaThatStartsAndAFailureIsAWarning() throws Exception {
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
            var told = outcome.err().getFirst();
            assertTrue(told.startsWith("warning: no AOT cache"), told);
            // That java's first line, which is none of an echo's.
            assertTrue(told.contains("pid "), told);
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
