package dev.salvo.socket;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What failures taught about joining: for a few destinations, the largest segment size that may be joined.
 *
 * <p>A route or a device changes, so what was learnt is forgotten after ten minutes; and peers are strangers, so no
 * more than 256 of them are remembered, the oldest forgotten first.
 */
final class SegmentLimits {

    static final int CAPACITY = 256;
    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final int UNLIMITED = 65_535;

    private record Limit(int segmentSize, long learntAt) {
    }

    private final Map<SockAddr, Limit> limits = new LinkedHashMap<>();
    private final LongSupplier nanoTime;
    /** When the youngest was learnt: ten minutes later nothing is known any more. */
    private long learntLast;

    SegmentLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isEmpty() {
        if (!limits.isEmpty() && isOver(learntLast)) {
            limits.clear();
        }
        return limits.isEmpty();
    }

    /** Another peer by default, so another path. */
    void clear() {
        limits.clear();
    }

    /** Records the largest segment that is known to be joined safely: 0 for none. */
    void learn(SockAddr destination, int segmentSize) {
        // Removed first, so that it becomes the youngest.
        limits.remove(destination);
        if (limits.size() == CAPACITY) {
            limits.remove(limits.keySet().iterator().next());
        }
        learntLast = nanoTime.getAsLong();
        limits.put(destination, new Limit(segmentSize, learntLast));
    }

    private boolean isOver(long learntAt) {
        return nanoTime.getAsLong() - learntAt >= LIFETIME.toNanos();
    }

    /** The largest segment size that may be joined for a destination. Allocates nothing. */
    int of(SockAddr destination) {
        var limit = limits.get(destination);
        if (limit == null) {
            return UNLIMITED;
        }
        if (isOver(limit.learntAt)) {
            limits.remove(destination);
            return UNLIMITED;
        }
        return limit.segmentSize;
    }
}
