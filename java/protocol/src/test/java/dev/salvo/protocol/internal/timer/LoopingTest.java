package dev.salvo.protocol.internal.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.LoopingCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repeating call keeps to its intervals, however late it is: missed intervals are skipped and not made up for. */
@Tag("unit")
class LoopingTest {

    private long now;
    private final Timers timers = new Timers(() -> now, () -> {});
    private final List<Long> made = new ArrayList<>();
    private final List<Exception> thrown = new ArrayList<>();

    private LoopingCall every(long nanos, Call call) {
        return timers.callEvery(Duration.ofNanos(nanos), call);
    }

    private void to(long time) {
        now = time;
        timers.takeDue(call -> {
            try {
                call.run();
            } catch (Exception e) {
                thrown.add(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 25, -15})
    void callsAreAlignedToTheStart(long start) {
        now = start;
        var aligned = new Timers(() -> now, () -> {});
        var ticks = new ArrayList<Long>();
        aligned.callEvery(Duration.ofNanos(10), () -> ticks.add(now - start));
        for (int time = 0; time <= 40; time++) {
            now = start + time;
            aligned.takeDue(LoopingTest::make);
        }
        assertEquals(List.of(10L, 20L, 30L, 40L), ticks);
    }

    private static void make(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void missedIntervalsAreSkipped() {
        every(10, () -> made.add(now));
        to(9);
        to(38);
        to(39);
        to(40);
        to(41);
        to(50);
        assertEquals(List.of(38L, 40L, 50L), made);
    }

    /** The call itself causes the delay. */
    @Test
    void aCallLongerThanItsIntervalSkipsTheMissedOnes() {
        every(10, () -> {
            made.add(now);
            now += made.size() == 1 ? 15 : 0;
        });
        to(10);
        assertEquals(5, timers.nanosToNext());
        to(30);
        assertEquals(List.of(10L, 30L), made);
    }

    @Test
    void anExceptionDoesNotEndTheRepetition() {
        var looping = every(10, () -> {
            made.add(now);
            throw new IllegalStateException("tick");
        });
        to(10);
        to(20);
        assertEquals(List.of(10L, 20L), made);
        assertEquals(2, thrown.size());
        assertTrue(looping.running());
    }

    @Test
    void stopEndsTheRepetition() {
        var looping = every(10, () -> made.add(now));
        assertTrue(looping.running());
        to(10);
        looping.stop();
        looping.stop();
        assertFalse(looping.running());
        to(100);
        assertEquals(List.of(10L), made);
        assertEquals(-1, timers.nanosToNext());
    }

    @Test
    void aCallMayStopItself() {
        var looping = new ArrayList<LoopingCall>();
        looping.add(every(10, () -> {
            made.add(now);
            assertTrue(looping.getFirst().running());
            looping.getFirst().stop();
            assertFalse(looping.getFirst().running());
        }));
        to(10);
        to(20);
        assertEquals(List.of(), thrown);
        assertEquals(List.of(10L), made);
        assertFalse(looping.getFirst().running());
    }

    @Test
    void aRepeatingCallIsPendingAndCanBeCancelled() {
        var looping = every(10, () -> made.add(now));
        to(10);
        assertEquals(1, timers.pending().size());
        timers.pending().getFirst().cancel();
        assertFalse(looping.running());
        looping.stop();
        to(100);
        assertEquals(List.of(10L), made);
    }

    /** Every tick uses the same timer and creates no objects. */
    @Test
    void aTickReusesItsTimer() {
        every(10, () -> {});
        var first = timers.pending().getFirst();
        to(10);
        assertTrue(first.active());
        assertEquals(List.of(first), timers.pending());
        assertEquals(20 / 1e9, first.getTime());
    }

    @Test
    void theIntervalMustBePositive() {
        for (long interval : new long[]{0, -1}) {
            assertThrows(IllegalArgumentException.class, () -> every(interval, () -> {}));
        }
        assertEquals(-1, timers.nanosToNext());
        assertTrue(timers.callEvery(Duration.ofSeconds(Long.MAX_VALUE), () -> {}).running());
    }
}
