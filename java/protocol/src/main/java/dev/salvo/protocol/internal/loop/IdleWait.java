package dev.salvo.protocol.internal.loop;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.poll.EpollPoller;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** How a loop that has nothing to do waits for events: {@code Reactor.busyPoll} and {@code Reactor.gather}. */
public final class IdleWait {

    private static final Duration LONGEST_BUSY_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_GATHERING = Duration.ofMillis(10);

    private final EpollPoller poller;
    private final LongSupplier nanoTime;
    private long busyPollNanos;
    private long gatherNanos;

    IdleWait(EpollPoller poller, LongSupplier nanoTime) {
        this.poller = poller;
        this.nanoTime = nanoTime;
    }

    public void busyPoll(Duration duration) {
        busyPollNanos = nanos("busyPoll", duration, LONGEST_BUSY_POLL);
    }

    public void gather(Duration duration) {
        gatherNanos = nanos("gather", duration, LONGEST_GATHERING);
    }

    private static long nanos(String what, Duration duration, Duration longest) {
        if (duration.isNegative() || duration.compareTo(longest) > 0) {
            throw new IllegalArgumentException(what + " must be from PT0S to " + longest + ": " + duration);
        }
        return duration.toNanos();
    }

    /** As {@link EpollPoller#await}. */
    int await(long limitNanos) throws SyscallException {
        if (busyPollNanos == 0 && gatherNanos == 0) {
            return poller.await(limitNanos);
        }
        // A poll without waiting first: if it returns events, the loop is busy and must not gather.
        var events = poller.await(0);
        if (events == 0 && limitNanos != 0) {
            events = awaitFirst(limitNanos);
            if (events > 0) {
                gather();
            }
        }
        return events;
    }

    /**
     * Waits for the first events, at first by polling without sleeping. Calls from other threads and stop end the wait,
     * since they are events too; so does a timer that is due, by the limit.
     */
    private int awaitFirst(long limitNanos) throws SyscallException {
        var longest = limitNanos < 0 ? busyPollNanos : Math.min(limitNanos, busyPollNanos);
        var begin = nanoTime.getAsLong();
        var spent = 0L;
        while (spent < longest) {
            Thread.onSpinWait();
            var events = poller.await(0);
            if (events > 0) {
                return events;
            }
            spent = nanoTime.getAsLong() - begin;
        }
        return poller.await(limitNanos < 0 ? limitNanos : Math.max(0, limitNanos - spent));
    }

    /**
     * Waits before the events are served. They stay valid, since epoll is level-triggered; the next poll reports events
     * that other ports get meanwhile.
     */
    private void gather() {
        var end = nanoTime.getAsLong() + gatherNanos;
        var left = gatherNanos;
        // In a loop, since a park ends at once if another thread has left a permit. An interrupt would end every park.
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = end - nanoTime.getAsLong();
        }
    }
}
