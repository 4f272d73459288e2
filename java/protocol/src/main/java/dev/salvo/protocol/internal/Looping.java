package dev.salvo.protocol.internal;

import dev.salvo.protocol.Call;
import dev.salvo.protocol.LoopingCall;

/** A call that has itself made again: always with the same timer, so that a tick makes no objects. */
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

    /** After the call, which may have taken longer than an interval. */
    private long nextDue() {
        return start + ((timers.now() - start) / interval + 1) * interval;
    }

    @Override
    public void stop() {
        timers.requireOwner();
        stopped = true;
        // It may have been cancelled as one of the delayed calls.
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
