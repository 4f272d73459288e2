package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What failures taught about joining is kept for each destination, for ten minutes, for 256 destinations. */
@Tag("unit")
class SegmentLimitsTest {

    private static final SockAddr A = SockAddr.of("192.0.2.1", 9);
    private static final SockAddr B = SockAddr.of("192.0.2.2", 9);

    /** Negative and about to wrap, as System.nanoTime may be. */
    private long now = Long.MAX_VALUE - 1000;

    private final SegmentLimits limits = new SegmentLimits(() -> now);

    @Test
    void nothingIsLimitedAtFirst() {
        assertTrue(limits.isEmpty());
        assertEquals(SegmentLimits.UNLIMITED, limits.of(A));
    }

    @Test
    void aLimitIsThatDestinationsAlone() {
        limits.learn(A, 1399);
        assertFalse(limits.isEmpty());
        assertEquals(1399, limits.of(A));
        assertEquals(SegmentLimits.UNLIMITED, limits.of(B));
        assertEquals(SegmentLimits.UNLIMITED, limits.of(SockAddr.of("192.0.2.1", 10)));
    }

    @Test
    void aViewFindsWhatItsCopyTaught() {
        limits.learn(A, 1399);
        var view = SockAddr.view();
        view.load(A);
        assertEquals(1399, limits.of(view));
    }

    @Test
    void theLastLessonCounts() {
        limits.learn(A, 1399);
        limits.learn(A, 0);
        assertEquals(0, limits.of(A));
    }

    @Test
    void aLimitIsForgottenAfterTenMinutes() {
        limits.learn(A, 1399);
        now += SegmentLimits.LIFETIME.toNanos() - 1;
        assertEquals(1399, limits.of(A));
        now++;
        assertEquals(SegmentLimits.UNLIMITED, limits.of(A));
        assertTrue(limits.isEmpty());
    }

    @Test
    void theOldestOf257IsForgotten() {
        for (int port = 1; port <= SegmentLimits.CAPACITY; port++) {
            limits.learn(SockAddr.of("192.0.2.1", port), port);
        }
        limits.learn(SockAddr.of("192.0.2.1", 1), 1);
        limits.learn(B, 500);
        assertEquals(1, limits.of(SockAddr.of("192.0.2.1", 1)), "learnt again, so not the oldest");
        assertEquals(SegmentLimits.UNLIMITED, limits.of(SockAddr.of("192.0.2.1", 2)));
        assertEquals(3, limits.of(SockAddr.of("192.0.2.1", 3)));
        assertEquals(500, limits.of(B));
    }
}
