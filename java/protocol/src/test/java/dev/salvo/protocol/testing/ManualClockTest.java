package dev.salvo.protocol.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.clock.AlreadyCancelledException;
import dev.salvo.protocol.clock.DelayedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's ClockTests (test_task.py), under their names, and further cases. */
@Tag("unit")
class ManualClockTest {

    private final ManualClock clock = new ManualClock();
    private final List<String> made = new ArrayList<>();

    private DelayedCall later(double seconds, String name) {
        return clock.callLater(seconds(seconds), () -> made.add(name));
    }

    private void advance(double seconds) throws Exception {
        clock.advance(seconds(seconds));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    @Test
    void seconds() throws Exception {
        assertEquals(0, clock.seconds());
        advance(1.5);
        assertEquals(1.5, clock.seconds());
    }

    @Test
    void callLater() {
        var call = later(1, "a");
        assertEquals(1, call.getTime());
        assertTrue(clock.getDelayedCalls().contains(call));
    }

    @Test
    void callLaterCancelled() {
        var call = later(1, "a");
        call.cancel();
        assertEquals(List.of(), clock.getDelayedCalls());
        assertThrows(AlreadyCancelledException.class, call::cancel);
    }

    @Test
    void callLaterOrdering() {
        var first = later(10, "a");
        var second = later(20, "b");
        assertFalse(first.equals(second));
    }

    @Test
    void advance() throws Exception {
        var call = later(2, "a");
        advance(1);
        assertEquals(List.of(), made);
        advance(1);
        assertEquals(List.of("a"), made);
        assertFalse(call.active());
    }

    @Test
    void advanceCancel() throws Exception {
        var cancelled = new ArrayList<DelayedCall>();
        clock.callLater(seconds(1), () -> cancelled.getFirst().cancel());
        cancelled.add(later(1, "never"));
        advance(1);
        assertEquals(List.of(), made);
    }

    @Test
    void callLaterDelayed() {
        var call = later(1, "a");
        call.delay(seconds(8));
        assertEquals(9, call.getTime());
        call.delay(seconds(-3));
        assertEquals(6, call.getTime());
    }

    @Test
    void callLaterResetLater() throws Exception {
        advance(2);
        var call = later(1, "a");
        call.reset(seconds(3));
        assertEquals(5, call.getTime());
    }

    @Test
    void callLaterResetSooner() {
        var call = later(4, "a");
        call.reset(seconds(3));
        assertEquals(3, call.getTime());
    }

    @Test
    void getDelayedCalls() {
        var second = later(2, "b");
        var first = later(1, "a");
        assertEquals(List.of(first, second), clock.getDelayedCalls());
    }

    @Test
    void getDelayedCallsEmpty() {
        assertEquals(List.of(), clock.getDelayedCalls());
    }

    @Test
    void callLaterKeepsCallsOrdered() {
        var last = later(30, "c");
        var first = later(10, "a");
        var middle = later(20, "b");
        assertEquals(List.of(first, middle, last), clock.getDelayedCalls());
    }

    @Test
    void callLaterResetKeepsCallsOrdered() throws Exception {
        var a = later(1, "a");
        later(2, "b");
        later(3, "c");
        a.reset(seconds(2.5));
        advance(3);
        assertEquals(List.of("b", "a", "c"), made);
    }

    @Test
    void callLaterResetInsideCallKeepsCallsOrdered() throws Exception {
        var moved = later(5, "moved");
        clock.callLater(seconds(1), () -> {
            made.add("outer");
            moved.reset(seconds(0));
        });
        later(2, "b");
        advance(2);
        // Its 0 s begin at the end of the step, which is the time that the call sees.
        assertEquals(List.of("outer", "moved", "b"), made);
    }

    @Test
    void aCallAddedDuringAStepIsMadeIfItIsDue() throws Exception {
        clock.callLater(seconds(1), () -> {
            later(0, "at once");
            later(1, "later");
        });
        advance(5);
        assertEquals(List.of("at once"), made);
        advance(1);
        assertEquals(List.of("at once", "later"), made);
    }

    @Test
    void aLongStepSkipsIntervalsAndPumpDoesNot() throws Exception {
        var looping = clock.callEvery(seconds(1), () -> made.add("" + clock.seconds()));
        advance(3.5);
        assertEquals(List.of("3.5"), made);
        clock.pump(Collections.nCopies(4, seconds(0.5)));
        assertEquals(List.of("3.5", "4.0", "5.0"), made);
        looping.stop();
        advance(10);
        assertEquals(3, made.size());
    }

    @Test
    void anExceptionOfACallIsThrownAndTheRestStaysDue() throws Exception {
        clock.callLater(seconds(1), () -> {
            throw new Exception("thrown");
        });
        later(1, "rest");
        assertEquals("thrown", assertThrows(Exception.class, () -> advance(1)).getMessage());
        assertEquals(1, clock.seconds());
        assertEquals(List.of(), made);
        advance(0);
        assertEquals(List.of("rest"), made);
    }

    @Test
    void timeDoesNotGoBack() {
        assertThrows(IllegalArgumentException.class, () -> advance(-1));
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofDays(40_000)));
        assertEquals(0, clock.seconds());
    }

    @Test
    void elapseMakesTheCallsThatCallsAddAtTheirTimes() throws Exception {
        clock.callLater(seconds(3), () -> {
            made.add("a at " + clock.seconds());
            clock.callLater(seconds(4), () -> made.add("b at " + clock.seconds()));
            clock.callLater(seconds(8), () -> made.add("never"));
        });
        clock.callEvery(seconds(4), () -> made.add("every at " + clock.seconds()));
        clock.elapse(seconds(10));
        assertEquals(List.of("a at 3.0", "every at 4.0", "b at 7.0", "every at 8.0"), made);
        assertEquals(10, clock.seconds());
        assertThrows(IllegalArgumentException.class, () -> clock.elapse(seconds(-1)));
    }
}
