package dev.salvo.protocol.internal.timer;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.protocol.clock.LoopingCall;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Delayed calls, in the order in which they are due. */
public final class Timers {

    /** 146 years: longer than any program runs, and half of the range, so that sums do not overflow. */
    static final long LONGEST = Long.MAX_VALUE / 2;

    private final LongSupplier nanoTime;
    private final Runnable ownerCheck;
    private final long start;
    private final TimerHeap heap = new TimerHeap();
    private long sequence;

    /** {@code ownerCheck} throws on a thread that may not touch the timers. */
    public Timers(LongSupplier nanoTime, Runnable ownerCheck) {
        this.nanoTime = nanoTime;
        this.ownerCheck = ownerCheck;
        this.start = now();
    }

    /** May be called on any thread that may read the source of the time. */
    public double seconds() {
        return secondsAt(now());
    }

    public DelayedCall callLater(Duration delay, Call call) {
        requireOwner();
        return add(nanos(requireNotNegative(delay)), call);
    }

    public LoopingCall callEvery(Duration interval, Call call) {
        requireOwner();
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("the interval is not positive: " + interval);
        }
        return new Looping(this, nanos(interval), call);
    }

    public List<DelayedCall> pending() {
        requireOwner();
        return heap.all()
                .sorted((a, b) -> a.isBefore(b) ? -1 : 1)
                .<DelayedCall>map(timer -> timer)
                .toList();
    }

    /**
     * Passes on the calls that are due, one by one. Calls that are added meanwhile wait for the next turn, even if due.
     */
    public void takeDue(Consumer<Call> caller) {
        if (heap.isEmpty()) {
            return;
        }
        var now = now();
        var firstNew = sequence;
        while (!heap.isEmpty() && heap.first().due - now <= 0 && heap.first().sequence < firstNew) {
            caller.accept(takeFirst());
        }
    }

    /** Removes the call that is due first, as called; null if none is due. */
    public @Nullable Call takeFirstDue() {
        return nanosToNext() == 0 ? takeFirst() : null;
    }

    private Call takeFirst() {
        var timer = heap.first();
        heap.remove(timer);
        timer.index = Timer.CALLED;
        return timer.call;
    }

    /** The nanoseconds until the next call is due: 0 if a call is due, -1 if there is none. */
    public long nanosToNext() {
        return heap.isEmpty() ? -1 : Math.max(0, nanosTo(heap.first()));
    }

    void requireOwner() {
        ownerCheck.run();
    }

    long now() {
        return nanoTime.getAsLong();
    }

    double secondsAt(long time) {
        return (time - start) / 1e9;
    }

    /** The nanoseconds until a timer is due; negative if it is overdue. */
    long nanosTo(Timer timer) {
        return timer.due - now();
    }

    Timer add(long delayNanos, Call call) {
        var timer = new Timer(this, call);
        add(timer, now() + delayNanos);
        return timer;
    }

    /** Adds a timer, which may have been called before. */
    void add(Timer timer, long due) {
        timer.due = due;
        timer.sequence = sequence++;
        heap.add(timer);
    }

    void cancel(Timer timer) {
        heap.remove(timer);
        timer.index = Timer.CANCELLED;
    }

    /**
     * Changes when a timer is due. The timer keeps its sequence number. {@link #takeDue} stops at the first new number,
     * so a timer with a new one could come first and hold up others that are due.
     */
    void move(Timer timer, long due) {
        timer.due = due;
        heap.moved(timer);
    }

    static Duration requireNotNegative(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("negative delay: " + delay);
        }
        return delay;
    }

    /** Limited to {@link #LONGEST} in both directions, since toNanos overflows after 292 years. */
    static long nanos(Duration duration) {
        if (Math.abs(duration.toDays()) > 36_500) {
            return duration.isNegative() ? -LONGEST : LONGEST;
        }
        return duration.toNanos();
    }
}
