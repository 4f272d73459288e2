package dev.salvo.cli.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.cli.Captured;
import dev.salvo.cli.Parsed;
import dev.salvo.cli.argument.BindAddress;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.socket.SocketStatistics;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class EchoReportTest {

    private long nanoTime;
    private final Captured captured = new Captured();

    private EchoReport report(boolean json) {
        return new EchoReport(captured.console, json, () -> nanoTime);
    }

    /**
     * The statistics after {@code times} rounds. In each round the port received 640 datagrams in 10 messages and 2
     * calls, and sent 320 datagrams in 5 messages.
     */
    private static PortStatistics rounds(int times, long kernelDrops) {
        var socket = new SocketStatistics(
                2L * times, 10L * times, 640L * times, 6400L * times, 3, 4, 0, kernelDrops, times, 5L * times,
                320L * times, 3200L * times, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new PortStatistics(socket, 0, 6, 0, 7, 8, 0, 0);
    }

    @Test
    void theFirstLineIsTheAddress() {
        report(false).listening(BindAddress.of("::1", 7));
        report(true).listening(BindAddress.of("::1", 7));
        assertEquals("listening on [::1]:7", captured.out().getFirst());
        var json = Parsed.object(captured.out().getLast());
        assertEquals("listening", json.get("event").getAsString());
        assertEquals("[::1]:7", json.get("address").getAsString());
        assertEquals(7, json.get("port").getAsInt());
    }

    @Test
    void progressCountsSinceTheLastReport() {
        var report = report(false);
        nanoTime = 1_000_000_000;
        report.progress(List.of(rounds(1, 2)));
        nanoTime = 3_000_000_000L;
        report.progress(List.of(rounds(3, 12)));
        assertEquals(
                "1.0 s: in 640/s (64.0 per message, 320.0 per call), out 320/s (64.0 per message, 320.0 per call),"
                        + " 35 dropped",
                captured.out().getFirst());
        assertEquals(
                "3.0 s: in 640/s (64.0 per message, 320.0 per call), out 320/s (64.0 per message, 320.0 per call),"
                        + " 10 dropped",
                captured.out().getLast());
    }

    @Test
    void totalsCoverTheWholeRun() {
        var report = report(false);
        nanoTime = 1_000_000_000;
        report.progress(List.of(rounds(1, 2)));
        nanoTime = 2_500_000_000L;
        report.total(List.of(rounds(2, 2)));
        assertEquals(
                "total: in 1280 datagrams (12800 bytes; 64.0 per message, 320.0 per call),"
                        + " out 640 datagrams (6400 bytes; 64.0 per message, 320.0 per call),"
                        + " dropped: 2 by the kernel, 7 truncated, 6 refused, 5 failed, 7 unsent,"
                        + " 8 from strangers; 2.5 s",
                captured.out().getLast());
    }

    @Test
    void jsonHasTheSameNumbers() {
        var report = report(true);
        nanoTime = 2_000_000_000;
        report.progress(List.of(rounds(1, 2)));
        report.total(List.of(rounds(1, 2)));
        assertEquals(2, captured.out().size());
        var stats = Parsed.object(captured.out().getFirst());
        var total = Parsed.object(captured.out().getLast());
        assertEquals("stats", stats.get("event").getAsString());
        assertEquals("total", total.get("event").getAsString());
        assertEquals(2.0, total.get("seconds").getAsDouble());
        var in = total.getAsJsonObject("in");
        assertEquals(640, in.get("datagrams").getAsLong());
        assertEquals(320.0, in.get("datagramsPerSecond").getAsDouble());
        assertEquals(64.0, in.get("datagramsPerMessage").getAsDouble());
        assertEquals(5, total.getAsJsonObject("dropped").get("failed").getAsLong());
        assertEquals(8, total.getAsJsonObject("dropped").get("strangers").getAsLong());
    }

    @Test
    void anUnknownDropCountIsNotReportedAsZero() {
        report(false).total(List.of(rounds(1, -1)));
        report(true).total(List.of(rounds(1, -1)));
        assertTrue(captured.out().getFirst().contains("dropped: an unknown number by the kernel"));
        var dropped = Parsed.object(captured.out().getLast()).getAsJsonObject("dropped");
        assertTrue(dropped.get("byKernel").isJsonNull());
    }

    @Test
    void withoutDatagramsTheMeansAreZero() {
        var report = report(true);
        report.total(List.of(new PortStatistics(
                new SocketStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, 0,
                0, 0)));
        var in = Parsed.object(captured.out().getFirst()).getAsJsonObject("in");
        assertEquals(0.0, in.get("datagramsPerSecond").getAsDouble());
        assertEquals(0.0, in.get("datagramsPerMessage").getAsDouble());
    }
}
