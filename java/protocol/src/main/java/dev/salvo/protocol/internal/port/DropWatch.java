package dev.salvo.protocol.internal.port;

import dev.salvo.protocol.PortStatistics;
import dev.salvo.protocol.internal.record.FlightEvents;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records which datagrams a port loses, and why, as flight recorder events. It compares the port's counters once a
 * second and when the port is closed, so that losing a datagram costs nothing more.
 */
final class DropWatch {

    private static final long INTERVAL = 1_000_000_000;

    /** A reason for losing datagrams, its counter, and the part of the counter that has been recorded. */
    private static final class Loss {

        final String reason;
        final ToLongFunction<PortStatistics> counter;
        long recorded;

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
                new Loss("KERNEL", now -> now.socket().kernelPacketDrops()),
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
            // The kernel's counter is -1 where the kernel does not report it.
            if (total > loss.recorded) {
                FlightEvents.drop(port.localAddress().port(), loss.reason, total - loss.recorded, total);
                loss.recorded = total;
            }
        }
    }
}
