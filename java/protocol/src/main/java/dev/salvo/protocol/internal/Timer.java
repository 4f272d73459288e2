package dev.salvo.protocol.internal;

import dev.salvo.protocol.AlreadyCalledException;
import dev.salvo.protocol.AlreadyCancelledException;
import dev.salvo.protocol.Call;
import dev.salvo.protocol.DelayedCall;
import java.time.Duration;
import java.util.Locale;

/** One call that is to be made later. */
final class Timer implements DelayedCall {

    /** Not in the heap. */
    static final int CALLED = -1;

    static final int CANCELLED = -2;

    private final Timers timers;
    final Call call;
    /** When it is due, by the clock of the timers, and which of those due at the same time was made first. */
    long due;

    long sequence;
    /** Where it is in the heap. */
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
        // Differences, since nanoTime may wrap.
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
