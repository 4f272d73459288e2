package dev.salvo.cli.echo;

import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.Json;
import dev.salvo.cli.service.Traffic;
import dev.salvo.protocol.PortStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The lines that the echo prints. */
final class EchoReport {

    private final Console console;
    private final boolean json;
    private final LongSupplier nanoTime;
    private final long opened;
    private Traffic last = Traffic.NONE;

    EchoReport(Console console, boolean json, LongSupplier nanoTime) {
        this.console = console;
        this.json = json;
        this.nanoTime = nanoTime;
        this.opened = nanoTime.getAsLong();
    }

    void listening(BindAddress address) {
        console.line(
                json
                        ? new Json()
                                .put("event", "listening")
                                .put("address", address.toString())
                                .put("port", address.port())
                                .toString()
                        : "listening on " + address);
    }

    /** Prints the traffic since the previous line. Returns false if writing to stdout failed. */
    boolean progress(List<PortStatistics> now) {
        var all = traffic(now);
        var here = all.since(last);
        last = all;
        return console.line(json ? json("stats", here) : progressText(all.seconds(), here));
    }

    /** Prints the traffic since the ports were opened. */
    void total(List<PortStatistics> last) {
        var all = traffic(last);
        console.line(json ? json("total", all) : totalText(all));
    }

    private Traffic traffic(List<PortStatistics> now) {
        return Traffic.of(now, (nanoTime.getAsLong() - opened) / 1e9);
    }

    private static String progressText(double at, Traffic here) {
        return String.format(
                Locale.ROOT,
                "%.1f s: in %s, out %s, %d dropped",
                at,
                rate(here.in(), here.seconds()),
                rate(here.out(), here.seconds()),
                here.dropped().total());
    }

    private static String rate(Traffic.Direction direction, double seconds) {
        return String.format(
                Locale.ROOT,
                "%.0f/s (%.1f per message, %.1f per call)",
                direction.datagrams() / Math.max(seconds, 1e-9),
                direction.perMessage(),
                direction.perCall());
    }

    private static String totalText(Traffic all) {
        var dropped = all.dropped();
        return String.format(
                Locale.ROOT,
                "total: in %s, out %s, dropped: %s by the kernel, %d truncated, %d refused, %d failed, %d unsent,"
                        + " %d from strangers; %.1f s",
                amount(all.in()),
                amount(all.out()),
                dropped.byKernel() < 0 ? "an unknown number" : Long.toString(dropped.byKernel()),
                dropped.cut(),
                dropped.refused(),
                dropped.failed(),
                dropped.unsent(),
                dropped.strangers(),
                all.seconds());
    }

    private static String amount(Traffic.Direction direction) {
        return String.format(
                Locale.ROOT,
                "%d datagrams (%d bytes; %.1f per message, %.1f per call)",
                direction.datagrams(),
                direction.bytes(),
                direction.perMessage(),
                direction.perCall());
    }

    private static String json(String event, Traffic traffic) {
        var dropped = traffic.dropped();
        var drops = new Json();
        if (dropped.byKernel() < 0) {
            drops.putNull("byKernel");
        } else {
            drops.put("byKernel", dropped.byKernel());
        }
        drops.put("cut", dropped.cut())
                .put("refused", dropped.refused())
                .put("failed", dropped.failed())
                .put("unsent", dropped.unsent())
                .put("strangers", dropped.strangers());
        return new Json()
                .put("event", event)
                .put("seconds", traffic.seconds())
                .put("in", json(traffic.in(), traffic.seconds()))
                .put("out", json(traffic.out(), traffic.seconds()))
                .put("dropped", drops)
                .toString();
    }

    private static Json json(Traffic.Direction direction, double seconds) {
        return new Json()
                .put("datagrams", direction.datagrams())
                .put("bytes", direction.bytes())
                .put("messages", direction.messages())
                .put("calls", direction.calls())
                .put("datagramsPerSecond", direction.datagrams() / Math.max(seconds, 1e-9))
                .put("datagramsPerMessage", direction.perMessage())
                .put("datagramsPerCall", direction.perCall());
    }
}
