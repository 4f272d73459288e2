package dev.salvo.protocol;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells a flight recording what datagrams a port loses, and why, from the counters and so at no cost where they are
 * lost: once a second, and when the port is closed.
 */
final class DropWatch {

    private static final long INTERVAL = 1_000_000_000;

    /** A way to lose datagrams, its counter, and how much of that was told. */
    private static final class Loss {

        final String reason;
        final ToLongFunction<PortStatistics> counter;
        long told;

        Loss(String reason, ToLongFunction<PortStatistics> counter) {
            this.reason = reason;
            this.counter = counter;
        }
    }

    private final UdpPort port;
    private @Nullable List<Loss> losses;
    private long lookedAt;

    DropWatch(UdpPort port) {
        this.port = port;
    }

    private static List<Loss> losses() {
        return List.of(
                new Loss("RECEIVE_BUFFER", now -> now.socket().kernelPacketDrops()),
                new Loss("TRUNCATION", now -> now.socket().datagramsLostToTruncation()),
                new Loss("STRANGER", PortStatistics::datagramsFromStrangers),
                new Loss("NOT_TAKEN", PortStatistics::datagramsNotTaken),
                new Loss("SEND_FAILED", now -> now.socket().datagramsFailed()),
                new Loss("SEND_REFUSED", PortStatistics::datagramsRefused),
                new Loss("SEND_OVERFLOW", PortStatistics::datagramsOverflowed),
                new Loss("SEND_CLOSED", PortStatistics::datagramsDropped));
    }

    void look() {
        if (FlightEvents.wantDrops() && (losses == null || System.nanoTime() - lookedAt >= INTERVAL)) {
            lookNow();
        }
    }

    void lookNow() {
        if (!FlightEvents.wantDrops()) {
            return;
        }
        lookedAt = System.nanoTime();
        if (losses == null) {
            losses = losses();
        }
        var now = port.statistics();
        for (var loss : losses) {
            var total = loss.counter.applyAsLong(now);
            // The kernel's is -1 where it does not tell.
            if (total > loss.told) {
                FlightEvents.drop(port, loss.reason, total - loss.told, total);
                loss.told = total;
            }
        }
    }
}
