package dev.salvo.protocol.internal;

import dev.salvo.protocol.Call;
import dev.salvo.protocol.DelayedCall;
import dev.salvo.protocol.LoopingCall;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The calls that are to be made later, in the order in which they are due. */
public final class Timers {

    /** 146 years: what is due later than any program runs need not overflow. */
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

    /** Any thread that the source of the time allows. */
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

    /** Hands over what is due, one by one. What is added meanwhile waits for the next time, due or not. */
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

    /** The call that is due first, which then is made; null if none is due. */
    public @Nullable Call takeFirstDue() {
        return nanosToNext() == 0 ? takeFirst() : null;
    }

    private Call takeFirst() {
        var timer = heap.first();
        heap.remove(timer);
        timer.index = Timer.CALLED;
        return timer.call;
    }

    /** How long until the next call is due: 0 if one is, -1 if there is none. */
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

    /** Negative for one that is overdue. */
    long nanosTo(Timer timer) {
        return timer.due - now();
    }

    Timer add(long delayNanos, Call call) {
        var timer = new Timer(this, call);
        add(timer, now() + delayNanos);
        return timer;
    }

    /** One that has been made may be added again. */
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
     * Changes when a timer is due. It keeps its number: with a new one it could come first in {@link #takeDue}, and end
     * a turn in which others are due.
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

    /** Not above {@link #LONGEST} and not below its negative, since toNanos overflows after 292 years. */
    static long nanos(Duration duration) {
        if (Math.abs(duration.toDays()) > 36_500) {
            return duration.isNegative() ? -LONGEST : LONGEST;
        }
        return duration.toNanos();
    }
}
