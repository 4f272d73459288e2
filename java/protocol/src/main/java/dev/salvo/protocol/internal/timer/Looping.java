package dev.salvo.protocol.internal.timer;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.LoopingCall;

/** A call that schedules itself again, always with the same timer, so that a repetition allocates nothing. */
final class Looping implements LoopingCall, Call {

    private final Timers timers;
    private final Call call;
    private final long interval;
    private final long start;
    private final Timer timer;
    private boolean calling;
    private boolean stopped;

    Looping(Timers timers, long interval, Call call) {
        this.timers = timers;
        this.call = call;
        this.interval = interval;
        this.start = timers.now();
        this.timer = timers.add(interval, this);
    }

    @Override
    public void run() throws Exception {
        calling = true;
        try {
            call.run();
        } finally {
            calling = false;
            if (!stopped) {
                timers.add(timer, nextDue());
            }
        }
    }

    /** The next multiple of the interval. The call itself may have taken longer than an interval. */
    private long nextDue() {
        return start + ((timers.now() - start) / interval + 1) * interval;
    }

    @Override
    public void stop() {
        timers.requireOwner();
        stopped = true;
        // The program may have cancelled the timer, which getDelayedCalls returns.
        if (timer.active()) {
            timer.cancel();
        }
    }

    @Override
    public boolean running() {
        return calling ? !stopped : timer.active();
    }

    @Override
    public String toString() {
        return "LoopingCall[" + call + "]";
    }
}
