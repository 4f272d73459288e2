package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./salvo} as a process: its exit codes, and its output on stdout and stderr. */
@Tag("interop")
class CommandIT {

    private static Running.Outcome run(String... arguments) throws Exception {
        try (var salvo = Running.start(Running.salvo(arguments))) {
            return salvo.outcome();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nosuch", "echo --bind nowhere", "echo --stats 0", "nosuch"})
    void badArgumentsAreOneErrorLineAndExitCodeTwo(String line) throws Exception {
        var outcome = run(line.split(" "));
        assertEquals(2, outcome.exitCode());
        assertEquals(List.of(), outcome.out());
        assertEquals(1, outcome.err().size(), outcome::toString);
    }

    @Test
    void aPortInUseIsOneErrorLineAndExitCodeOne() throws Exception {
        try (var taken = UdpSocket.open(StandardProtocolFamily.INET)) {
            taken.bind(SockAddr.of("127.0.0.1", 0));
            var outcome = run("echo", "--bind", taken.localAddress().toString());
            assertEquals(1, outcome.exitCode());
            assertEquals(List.of(), outcome.out());
            assertEquals(1, outcome.err().size(), outcome::toString);
            assertTrue(outcome.err().getFirst().contains("EADDRINUSE"), outcome::toString);
        }
    }

    /** Two messages of 64 datagrams are received as two messages, or with --no-coalesce as 128. */
    @ParameterizedTest
    @CsvSource({"--stats=1000, 2", "--no-coalesce, 128"})
    void coalescingCanBeSwitchedOff(String option, int messages) throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--json", option, "--bind", "127.0.0.1:0"));
                var burst = new Burst()) {
            burst.send(Parsed.object(echo.line()).get("port").getAsInt(), 2);
            assertEquals(2 * Burst.JOINED, burst.received(2 * Burst.JOINED));
            echo.signal("TERM");
            var total = Parsed.object(echo.outcome().out().getLast());
            assertEquals(messages, total.getAsJsonObject("in").get("messages").getAsInt(), total::toString);
            assertEquals(messages, total.getAsJsonObject("out").get("messages").getAsInt(), total::toString);
        }
    }

    @Test
    void theVersionIsThatOfTheBuild() throws Exception {
        var outcome = run("--version");
        assertTrue(outcome.out().getFirst().matches("salvo [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(Java .*"),
                outcome::toString);
    }

    @Test
    void infoPrintsOnlyItsObjectOnStdout() throws Exception {
        var outcome = run("info", "--json");
        assertEquals(0, outcome.exitCode());
        assertEquals(List.of(), outcome.err());
        assertEquals(1, outcome.out().size());
        assertEquals(12, Parsed.object(outcome.out().getFirst()).getAsJsonArray("features").size());
    }

    @Test
    void anAddressBeyondLoopbackIsWarnedOf() throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--bind", "0.0.0.0:0"))) {
            echo.port();
            echo.signal("TERM");
            var outcome = echo.outcome();
            assertEquals(1, outcome.err().size(), outcome::toString);
            assertTrue(outcome.err().getFirst().contains("spoofed"), outcome::toString);
        }
    }

    /** The reader closes the pipe after the first line. The echo goes on without printing, and must be idle. */
    @Test
    void aBrokenPipeDoesNotSpin() throws Exception {
        var builder = new ProcessBuilder("sh", "-c", "exec \"$0\" echo --bind 127.0.0.1:0 --stats 0.02",
                Running.salvo().command().getFirst());
        builder.environment().putAll(Running.salvo().environment());
        var process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            var reader = process.inputReader();
            assertTrue(reader.readLine().startsWith("listening on 127.0.0.1:"));
            reader.close();
            Thread.sleep(1000);
            assertTrue(process.isAlive());
            var before = process.info().totalCpuDuration().orElseThrow();
            Thread.sleep(1000);
            var used = process.info().totalCpuDuration().orElseThrow().minus(before);
            assertTrue(used.toMillis() < 200, "CPU time used in an idle second: " + used);
            process.destroy();
            assertTrue(process.waitFor(Duration.ofSeconds(Running.PATIENCE_SECONDS)));
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Running.Outcome shell(String script) throws Exception {
        var salvo = Running.salvo();
        try (var running = Running.start(salvo.command("sh", "-c", script, salvo.command().getFirst()))) {
            return running.outcome();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "info --json", "--help", "--version", "help", "help echo", "send --help"})
    void aFullDiskIsOneErrorLineAndExitCodeOne(String arguments) throws Exception {
        var outcome = shell("\"$0\" " + arguments + " > /dev/full");
        assertEquals(1, outcome.exitCode(), outcome::toString);
        assertEquals(1, outcome.err().size(), outcome::toString);
        assertTrue(outcome.err().getFirst().startsWith("salvo: writing to stdout failed"), outcome::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "--help", "--version", "help"})
    void aPipeWithoutAReaderIsNoError(String arguments) throws Exception {
        var outcome = shell("{ \"$0\" " + arguments + "; echo $? >&2; } | true");
        assertEquals(List.of("0"), outcome.err());
    }

    /**
     * An echo goes on serving on a full disk, and fails in the end. In the foreground, since timeout(1) sends the
     * signal to its process group as well otherwise, and a second one ends the echo at once.
     */
    @Test
    void anEchoOnAFullDiskFailsWhenItEnds() throws Exception {
        var outcome = shell(
                "timeout --foreground --preserve-status -s TERM 3 \"$0\" echo --bind :0 > /dev/full; echo $? >&2");
        assertEquals("1", outcome.err().getLast(), outcome::toString);
        assertEquals(1, outcome.err().stream().filter(line -> line.contains("writing to stdout failed")).count());
    }

    /** Otherwise the JVM gets the number of the closed descriptor for a file of its own, and that would be sent. */
    @Test
    void aClosedStandardInputIsOneErrorLineAndExitCodeOne() throws Exception {
        var outcome = shell("\"$0\" send 127.0.0.1:9 <&-");
        assertEquals(1, outcome.exitCode(), outcome::toString);
        assertEquals(1, outcome.err().size(), outcome::toString);
        assertTrue(outcome.err().getFirst().contains("reading standard input failed"), outcome::toString);
    }

    @Test
    void aClosedStandardOutputIsOneErrorLineAndExitCodeOne() throws Exception {
        var outcome = shell("\"$0\" --version >&-");
        assertEquals(1, outcome.exitCode(), outcome::toString);
        assertEquals(1, outcome.err().size(), outcome::toString);
    }
}
