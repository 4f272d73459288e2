package dev.salvo.socket.internal.send;

import dev.salvo.kernel.NativeAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The largest segment size that may be joined, for destinations where joining has failed.
 *
 * <p>
 * A limit expires after ten minutes, since routes and devices change. At most 256 limits are kept, since peers may be
 * strangers; the oldest is removed first.
 */
public final class SegmentLimits {

    static final int CAPACITY = 256;
    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final int UNLIMITED = 65_535;

    private record Limit(int segmentSize, long learntAt) {
    }

    private final Map<NativeAddress, Limit> limits = new LinkedHashMap<>();
    private final LongSupplier nanoTime;
    /** When the youngest limit was learnt: ten minutes later all have expired. */
    private long learntLast;

    public SegmentLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isEmpty() {
        if (!limits.isEmpty() && isOver(learntLast)) {
            limits.clear();
        }
        return limits.isEmpty();
    }

    /** Called when the socket's peer changes, and the path with it. */
    public void clear() {
        limits.clear();
    }

    /** Records the largest segment size that may be joined for a destination: 0 for none. */
    void learn(NativeAddress destination, int segmentSize) {
        // Removed first, so that it becomes the youngest.
        limits.remove(destination);
        if (limits.size() == CAPACITY) {
            limits.remove(limits.keySet().iterator().next());
        }
        learntLast = nanoTime.getAsLong();
        limits.put(new NativeAddress(destination), new Limit(segmentSize, learntLast));
    }

    private boolean isOver(long learntAt) {
        return nanoTime.getAsLong() - learntAt >= LIFETIME.toNanos();
    }

    /** The largest segment size that may be joined for a destination. Allocates nothing. */
    int of(NativeAddress destination) {
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
