package dev.salvo.protocol.testing;

import dev.salvo.protocol.Call;
import dev.salvo.protocol.Clock;
import dev.salvo.protocol.DelayedCall;
import dev.salvo.protocol.LoopingCall;
import dev.salvo.protocol.internal.Timers;
import java.time.Duration;
import java.util.List;

/**
 * A clock that stands still until it is told how much time goes by: Twisted's task.Clock. It begins at 0, belongs to no
 * thread, and is not safe for several at a time.
 */
public final class ManualClock implements Clock {

    private final Timers timers = new Timers(this::nanos, () -> {});
    private long nanos;

    /** One at 0 seconds, that is to call nothing. */
    public ManualClock() {}

    private long nanos() {
        return nanos;
    }

    /**
     * Lets time go by, all at once, and then makes the calls that have become due, in their order; those too that are
     * added meanwhile and are due. A call sees the end of the step as the time, as it would after a stall of the loop:
     * so of a {@link #callEvery}, a step of several intervals makes one call. {@link #pump} makes small steps.
     *
     * @param step how much
     * @throws IllegalArgumentException if {@code step} is negative, or over a hundred years
     * @throws Exception what a call throws; calls that are due after it stay so, and the next step makes them
     */
    public void advance(Duration step) throws Exception {
        if (step.isNegative() || step.toDays() > 36_500) {
            throw new IllegalArgumentException("step out of range: " + step);
        }
        nanos += step.toNanos();
        for (var call = timers.takeFirstDue(); call != null; call = timers.takeFirstDue()) {
            call.run();
        }
    }

    /**
     * Advances several times.
     *
     * @param steps how much each time
     * @throws IllegalArgumentException if one is out of range
     * @throws Exception what a call throws; the steps after it are not made
     */
    public void pump(Iterable<Duration> steps) throws Exception {
        for (var step : steps) {
            advance(step);
        }
    }

    @Override
    public double seconds() {
        return timers.seconds();
    }

    @Override
    public DelayedCall callLater(Duration delay, Call call) {
        return timers.callLater(delay, call);
    }

    @Override
    public LoopingCall callEvery(Duration interval, Call call) {
        return timers.callEvery(interval, call);
    }

    @Override
    public List<DelayedCall> getDelayedCalls() {
        return timers.pending();
    }
}
