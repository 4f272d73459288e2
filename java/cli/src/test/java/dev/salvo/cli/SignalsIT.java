package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./salvo echo} ends on SIGTERM and SIGINT. */
@Tag("interop")
class SignalsIT {

    /** The datagrams that one turn of the loop receives from a port. */
    private static final int TURN = 4096;

    /**
     * More than the turn that runs at the signal and the next turn receive, and less than the default receive buffer
     * holds.
     */
    private static final int MESSAGES = 240;

    /**
     * The least that a pipe holds before a writer of short lines blocks: 16 pages, each of which may have less room
     * left than a line needs (pipe_write in fs/pipe.c).
     */
    private static final int NEARLY_FULL = 16 * (4096 - 512);

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsTheEchoWithTotalsAndExitCodeZero(String signal) throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--bind", "127.0.0.1:0"))) {
            echo.port();
            echo.signal(signal);
            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(), outcome.err());
            assertEquals(2, outcome.out().size());
            assertTrue(outcome.out().getLast().startsWith("total: in 0 datagrams"), outcome::toString);
        }
    }

    /** SIGSTOP suspends the echo while the datagrams arrive, so that all are in its receive buffer at the signal. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void datagramsReceivedByTheKernelAreAnsweredFirst(String signal) throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--json", "--bind", "127.0.0.1:0"));
                var burst = new Burst()) {
            var port = Parsed.object(echo.line()).get("port").getAsInt();
            echo.signal("STOP");
            burst.send(port, MESSAGES);
            echo.signal(signal);
            echo.signal("CONT");

            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(), outcome.err());
            var total = Parsed.object(outcome.out().getLast());
            var in = total.getAsJsonObject("in").get("datagrams").getAsInt();
            var dropped = total.getAsJsonObject("dropped").get("byKernel").getAsInt();
            assertEquals(MESSAGES * Burst.JOINED, in + dropped * Burst.JOINED, total::toString);
            assertTrue(in > 3 * TURN, total::toString);
            assertEquals(in, total.getAsJsonObject("out").get("datagrams").getAsInt(), total::toString);
            assertEquals(in, burst.received(in));
        }
    }

    /** Nobody reads the pipe. It fills up, so the loop blocks in a write and does not notice the signal. */
    @Test
    void aSecondSignalEndsABlockedEcho() throws Exception {
        var process = Running.salvo("echo", "--stats", "0.01", "--json", "--bind", "127.0.0.1:0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var before = -1;
            var now = 0;
            for (int i = 0; i < Running.PATIENCE_SECONDS && (now < NEARLY_FULL || now != before); i++) {
                Thread.sleep(1000);
                before = now;
                now = process.getInputStream().available();
            }
            // Not Process.destroy, which closes the pipe too.
            process.toHandle().destroy();
            assertFalse(process.waitFor(Duration.ofSeconds(2)));
            process.toHandle().destroy();
            assertTrue(process.waitFor(Duration.ofSeconds(Running.PATIENCE_SECONDS)));
            assertEquals(143, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void statisticsArePrintedUntilTheSignal() throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--stats", "0.05", "--json", "--bind", "127.0.0.1:0"))) {
            for (var event : List.of("listening", "stats", "stats", "stats")) {
                assertEquals(event, Parsed.object(echo.line()).get("event").getAsString());
            }
            echo.signal("TERM");
            var outcome = echo.outcome();
            assertEquals("total", Parsed.object(outcome.out().getLast()).get("event").getAsString());
        }
    }
}
