package dev.salvo.protocol.internal.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.clock.AlreadyCalledException;
import dev.salvo.protocol.clock.AlreadyCancelledException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Due calls are made in the order of their due times. Calls that are due at the same time are made in the order in
 * which they were added.
 */
@Tag("unit")
class TimersTest {

    private long now = 1_000;
    private final Timers timers = new Timers(() -> now, () -> {});
    private final List<String> made = new ArrayList<>();

    private DelayedCall add(long delay, String name) {
        return timers.callLater(Duration.ofNanos(delay), () -> made.add(name));
    }

    private List<String> takeDue() {
        made.clear();
        timers.takeDue(TimersTest::make);
        return List.copyOf(made);
    }

    private static void make(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void callsAreMadeWhenTheyAreDue() {
        add(30, "c");
        add(10, "a");
        add(20, "b");
        assertEquals(List.of(), takeDue());
        now += 9;
        assertEquals(List.of(), takeDue());
        now += 1;
        assertEquals(List.of("a"), takeDue());
        now += 1_000;
        assertEquals(List.of("b", "c"), takeDue());
        assertEquals(List.of(), takeDue());
    }

    @Test
    void callsDueAtTheSameTimeAreMadeInTheOrderAdded() {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            add(5, "" + i);
            expected.add("" + i);
        }
        now += 5;
        assertEquals(expected, takeDue());
    }

    @Test
    void aCallAddedLaterButDueEarlierIsMadeFirst() {
        add(10, "later");
        now += 5;
        add(4, "earlier");
        now += 5;
        assertEquals(List.of("earlier", "later"), takeDue());
    }

    @Test
    void aCallAddedByACallIsMadeNextTime() {
        timers.callLater(Duration.ZERO, () -> {
            made.add("outer");
            add(0, "inner");
        });
        assertEquals(List.of("outer"), takeDue());
        assertEquals(0, timers.nanosToNext());
        assertEquals(List.of("inner"), takeDue());
    }

    /** Also if the clock has moved on meanwhile, so that the new call is due while others still wait. */
    @Test
    void aCallAddedByACallWaitsEvenIfTheClockMovesOn() {
        timers.callLater(Duration.ZERO, () -> {
            made.add("outer");
            now += 100;
            add(0, "inner");
        });
        add(0, "second");
        assertEquals(List.of("outer", "second"), takeDue());
        assertEquals(List.of("inner"), takeDue());
    }

    @Test
    void aCallMayCancelAnotherDueCall() {
        var cancelled = new ArrayList<DelayedCall>();
        timers.callLater(Duration.ZERO, () -> cancelled.getFirst().cancel());
        cancelled.add(add(0, "never"));
        add(0, "after it");
        assertEquals(List.of("after it"), takeDue());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 15, 16, 30})
    void aCallCanBeCancelledAnywhereInTheHeap(int cancelled) {
        var calls = new ArrayList<DelayedCall>();
        var expected = new ArrayList<String>();
        for (int i = 0; i < 31; i++) {
            calls.add(add(31 - i, "" + i));
            expected.addFirst("" + i);
        }
        calls.get(cancelled).cancel();
        expected.remove("" + cancelled);
        now += 100;
        assertEquals(expected, takeDue());
    }

    @Test
    void aCancelledCallCantBeCancelledAgain() {
        var call = add(1, "never");
        assertTrue(call.active());
        call.cancel();
        assertFalse(call.active());
        assertThrows(AlreadyCancelledException.class, call::cancel);
    }

    @Test
    void aCallThatWasMadeCantBeCancelled() {
        var call = add(0, "made");
        takeDue();
        assertFalse(call.active());
        assertThrows(AlreadyCalledException.class, call::cancel);
    }

    /** A call counts as called before its function runs, as in Twisted. */
    @Test
    void aCallCantCancelItself() {
        var self = new ArrayList<DelayedCall>();
        self.add(timers.callLater(Duration.ZERO, () -> {
            assertFalse(self.getFirst().active());
            assertThrows(AlreadyCalledException.class, self.getFirst()::cancel);
            made.add("ran");
        }));
        assertEquals(List.of("ran"), takeDue());
    }

    @Test
    void nanosToNextReturnsTheTimeToTheNextCall() {
        assertEquals(-1, timers.nanosToNext());
        var call = add(50, "a");
        add(80, "b");
        assertEquals(50, timers.nanosToNext());
        call.cancel();
        assertEquals(80, timers.nanosToNext());
        now += 90;
        assertEquals(0, timers.nanosToNext());
    }

    @Test
    void aNegativeDelayIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> add(-1, "never"));
        assertEquals(-1, timers.nanosToNext());
    }

    /** System.nanoTime may start at any value, and may wrap around. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5, Long.MIN_VALUE, -5, Long.MAX_VALUE / 2})
    void delaysThatOverflowAreNeverDueAndAffectNoOther(long start) {
        now = start;
        add(Long.MAX_VALUE, "never");
        add(10, "soon");
        add(Long.MAX_VALUE / 2 + 1, "never too");
        assertEquals(List.of(), takeDue());
        assertEquals(10, timers.nanosToNext());
        now += 10;
        assertEquals(List.of("soon"), takeDue());
        now += 1L << 60;
        add(3, "later");
        assertEquals(3, timers.nanosToNext());
        now += 3;
        assertEquals(List.of("later"), takeDue());
        assertTrue(timers.nanosToNext() > 1L << 60);
    }

    /** Also while another call is overdue because the loop was busy: the distance of the two may not fit in a long. */
    @Test
    void aDelayThatOverflowsComesAfterAnOverdueCall() {
        add(10, "overdue");
        now += 20;
        add(Long.MAX_VALUE, "never");
        assertEquals(0, timers.nanosToNext());
        assertEquals(List.of("overdue"), takeDue());
    }

    @Test
    void theOwnerIsCheckedBeforeAnythingIsDone() {
        var checked = new int[1];
        var guarded = new Timers(() -> now, () -> {
            if (checked[0]++ > 1) {
                throw new WrongThreadException();
            }
        });
        var call = guarded.callLater(Duration.ofSeconds(1), () -> {});
        var looping = guarded.callEvery(Duration.ofSeconds(2), () -> {});
        var due = call.getTime();
        List<Executable> refused = List.of(
                call::cancel,
                () -> call.reset(Duration.ZERO),
                () -> call.delay(Duration.ZERO),
                looping::stop,
                guarded::pending,
                () -> guarded.callLater(Duration.ZERO, () -> {}),
                () -> guarded.callEvery(Duration.ofSeconds(1), () -> {}));
        refused.forEach(executable -> assertThrows(WrongThreadException.class, executable));
        assertTrue(call.active());
        assertTrue(looping.running());
        assertEquals(due, call.getTime());
        assertEquals(1_000_000_000, guarded.nanosToNext());
    }
}
