package dev.salvo.cli.send;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The times from sending a datagram to receiving its replies, by the kernel's clock where it tells. */
final class RoundTrips {

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private long sent;
    private long first;
    private long last;
    private int count;

    void sentNow() {
        sent = now();
    }

    /** The kernel's time of sending replaces that of {@link #sentNow}; -1 if it is unknown. It may come late. */
    void sent(long nanos) {
        if (nanos >= 0) {
            sent = nanos;
        }
    }

    /** A reply; the time at which the kernel received it, or -1 if it is unknown. */
    void received(long nanos) {
        last = nanos >= 0 ? nanos : now();
        if (count++ == 0) {
            first = last;
        }
    }

    int count() {
        return count;
    }

    private static long now() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }

    /** The clock may be set meanwhile. */
    private double milliseconds(long received) {
        return Math.max(0, received - sent) / NANOS_PER_MILLISECOND;
    }

    @Override
    public String toString() {
        return count == 1
                ? String.format(Locale.ROOT, "round trip: %.3f ms", milliseconds(first))
                : String.format(Locale.ROOT, "%d replies; round trips: %.3f to %.3f ms", count, milliseconds(first),
                        milliseconds(last));
    }
}
