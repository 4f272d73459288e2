package dev.salvo.protocol.testing;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.Clock;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.protocol.clock.LoopingCall;
import dev.salvo.protocol.internal.timer.Timers;
import java.time.Duration;
import java.util.List;

/**
 * A clock that moves only when it is advanced: Twisted's task.Clock. It begins at 0 seconds. It belongs to no thread,
 * but several threads must not use it at the same time.
 */
public final class ManualClock implements Clock {

    private final Timers timers = new Timers(this::nanos, () -> {});
    private long nanos;

    /** Makes a clock at 0 seconds, without calls. */
    public ManualClock() {}

    private long nanos() {
        return nanos;
    }

    /**
     * Advances the time in one step, and then makes the calls that are due, in their order. Calls that are added
     * meanwhile and are due are made as well.
     *
     * <p>
     * Every call sees the end of the step as the time, as it would after a stall of the loop. Therefore a step of
     * several intervals makes only one call of a {@link #callEvery}, and a call that a call adds counts from the end of
     * the step. {@link #elapse} advances from call to call instead.
     *
     * @param step the time to advance by
     * @throws IllegalArgumentException if {@code step} is negative, or over a hundred years
     * @throws Exception an exception of a call; the calls that are due after it are made by the next step
     */
    public void advance(Duration step) throws Exception {
        requireStep(step);
        nanos += step.toNanos();
        for (var call = timers.takeFirstDue(); call != null; call = timers.takeFirstDue()) {
            call.run();
        }
    }

    /**
     * Lets the time pass as a loop that never stalls sees it: advances it to each call that is due within the step, one
     * after the other, and then to the end of the step. Every call sees the time at which it is due, so the calls that
     * it adds, and each interval of a {@link #callEvery}, come in the same step.
     *
     * @param step the time to advance by
     * @throws IllegalArgumentException if {@code step} is negative, or over a hundred years
     * @throws Exception an exception of a call; the time is then that of this call
     */
    public void elapse(Duration step) throws Exception {
        requireStep(step);
        var end = nanos + step.toNanos();
        for (var next = timers.nanosToNext(); next >= 0 && nanos + next <= end; next = timers.nanosToNext()) {
            advance(Duration.ofNanos(next));
        }
        nanos = end;
    }

    private static void requireStep(Duration step) {
        if (step.isNegative() || step.toDays() > 36_500) {
            throw new IllegalArgumentException("step out of range: " + step);
        }
    }

    /**
     * Advances the time several times.
     *
     * @param steps the times to advance by, in order
     * @throws IllegalArgumentException if a step is out of range
     * @throws Exception an exception of a call; the steps after it are not made
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
