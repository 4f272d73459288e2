package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.SyscallException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** How a loop that has nothing to do waits for events: {@link Reactor#busyPoll} and {@link Reactor#gather}. */
final class IdleWait {

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

    void busyPoll(Duration duration) {
        busyPollNanos = nanos("busyPoll", duration, LONGEST_BUSY_POLL);
    }

    void gather(Duration duration) {
        gatherNanos = nanos("gather", duration, LONGEST_GATHERING);
    }

    private static long nanos(String what, Duration duration, Duration longest) {
        if (duration.isNegative() || duration.compareTo(longest) > 0) {
            throw new IllegalArgumentException(what + " takes 0 to " + longest + ", not " + duration);
        }
        return duration.toNanos();
    }

    /** As {@link EpollPoller#await}. */
    int await(long limitNanos) throws SyscallException {
        if (busyPollNanos == 0 && gatherNanos == 0) {
            return poller.await(limitNanos);
        }
        // Tells a busy loop, which gathers nothing, from one that has to wait.
        var events = poller.await(0);
        if (events == 0 && limitNanos != 0) {
            events = awaitFirst(limitNanos);
            if (events > 0) {
                gather();
            }
        }
        return events;
    }

    /** Without sleeping at first. Calls from threads and stop are events too, and end it; a timer that is due does. */
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

    /** The events stay: epoll is level-triggered, and what comes meanwhile on other ports is told by the next poll. */
    private void gather() {
        var end = nanoTime.getAsLong() + gatherNanos;
        var left = gatherNanos;
        // Again and again, since a permit that somebody left ends a park at once; an interrupt ends each.
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = end - nanoTime.getAsLong();
        }
    }
}
