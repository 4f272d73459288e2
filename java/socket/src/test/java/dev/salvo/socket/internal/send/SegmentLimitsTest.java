package dev.salvo.socket.internal.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A learnt limit on joining is forgotten after ten minutes, and the number of limits is bounded. */
@Tag("fault")
class SegmentLimitsTest {

    // Near the end of the clock's range, so that it overflows: nanoTime has no fixed origin.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(3).toNanos());
    private final SegmentLimits limits = new SegmentLimits(now::get);

    private static SockAddr peer(int number) {
        return SockAddr.of("192.0.2.1", number);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void anUnknownDestinationIsUnlimited() {
        limits.learn(peer(1), 0);

        assertEquals(SegmentLimits.UNLIMITED, limits.of(peer(2)));
    }

    @Test
    void aLimitLastsTenMinutes() {
        limits.learn(peer(1), 1200);

        pass(Duration.ofMinutes(10).minusNanos(1));
        assertEquals(1200, limits.of(peer(1)));

        pass(Duration.ofNanos(1));
        assertEquals(SegmentLimits.UNLIMITED, limits.of(peer(1)));
        assertTrue(limits.isEmpty());
    }

    /** Joining without limits is the fast path. It is restored even if nobody sends to that destination again. */
    @Test
    void everyLimitIsForgottenTenMinutesAfterTheLast() {
        limits.learn(peer(1), 1200);
        pass(Duration.ofMinutes(5));
        limits.learn(peer(2), 1200);

        pass(Duration.ofMinutes(10).minusNanos(1));
        assertFalse(limits.isEmpty());

        pass(Duration.ofNanos(1));
        assertTrue(limits.isEmpty());
    }

    @Test
    void learningAgainRestartsTheTenMinutes() {
        limits.learn(peer(1), 1200);
        pass(Duration.ofMinutes(9));
        limits.learn(peer(1), 0);

        pass(Duration.ofMinutes(9));
        assertEquals(0, limits.of(peer(1)));
    }

    @Test
    void theYoungest256LimitsAreKept() {
        for (int i = 0; i <= 256; i++) {
            limits.learn(peer(i), 0);
        }

        assertEquals(SegmentLimits.UNLIMITED, limits.of(peer(0)));
        for (int i = 1; i <= 256; i++) {
            assertEquals(0, limits.of(peer(i)));
        }
    }

    @Test
    void learningAgainMakesALimitTheYoungest() {
        for (int i = 0; i < 256; i++) {
            limits.learn(peer(i), 0);
        }
        limits.learn(peer(0), 0);
        limits.learn(peer(256), 0);

        assertEquals(0, limits.of(peer(0)));
        assertEquals(SegmentLimits.UNLIMITED, limits.of(peer(1)));
        assertFalse(limits.isEmpty());
    }
}
