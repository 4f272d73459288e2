package dev.salvo.protocol.internal.timer;

import dev.salvo.protocol.clock.AlreadyCalledException;
import dev.salvo.protocol.clock.AlreadyCancelledException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import java.time.Duration;
import java.util.Locale;

/** One call that is to be made later. */
final class Timer implements DelayedCall {

    /** The index of a timer that is not in the heap because it was called. */
    static final int CALLED = -1;

    static final int CANCELLED = -2;

    private final Timers timers;
    final Call call;
    /**
     * When the timer is due, by the clock of the timers. The sequence orders the timers that are due at the same time.
     */
    long due;

    long sequence;
    /** The position in the heap, or {@link #CALLED} or {@link #CANCELLED}. */
    int index = CALLED;

    Timer(Timers timers, Call call) {
        this.timers = timers;
        this.call = call;
    }

    @Override
    public boolean active() {
        return index >= 0;
    }

    @Override
    public void cancel() {
        requireActive();
        timers.cancel(this);
    }

    @Override
    public void reset(Duration delay) {
        requireActive();
        timers.move(this, timers.now() + Timers.nanos(Timers.requireNotNegative(delay)));
    }

    @Override
    public void delay(Duration delay) {
        requireActive();
        var now = timers.now();
        var left = due - now;
        var wanted = Math.min(left + Timers.nanos(delay), Timers.LONGEST);
        timers.move(this, now + Math.max(wanted, Math.min(left, 0)));
    }

    private void requireActive() {
        timers.requireOwner();
        if (index == CANCELLED) {
            throw new AlreadyCancelledException("already cancelled: " + call);
        }
        if (index == CALLED) {
            throw new AlreadyCalledException("already called: " + call);
        }
    }

    @Override
    public double getTime() {
        return timers.secondsAt(due);
    }

    boolean isBefore(Timer other) {
        // A difference, not a comparison, since nanoTime may overflow.
        var difference = due - other.due;
        return difference < 0 || (difference == 0 && sequence < other.sequence);
    }

    @Override
    public String toString() {
        var state = switch (index) {
            case CALLED -> "called";
            case CANCELLED -> "cancelled";
            default -> String.format(Locale.ROOT, "due in %.3f s", timers.nanosTo(this) / 1e9);
        };
        return "DelayedCall[" + call + ", " + state + "]";
    }
}
