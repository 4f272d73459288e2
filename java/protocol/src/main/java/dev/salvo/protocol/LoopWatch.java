package dev.salvo.protocol;

import org.jspecify.annotations.Nullable;

/** Times what the loop does between two polls, for a flight recording, which hears of a turn that took long. */
final class LoopWatch {

    /** Of the turn that is under way; null while nobody asks. */
    private @Nullable LoopStallEvent turn;
    /** Made once: a turn of the loop makes no objects. */
    private @Nullable LoopStallEvent reused;

    private @Nullable UdpPort slowest;
    /** When the last stretch ended. */
    private long mark;

    /** After a poll that told so many events. */
    void begin(int events) {
        turn = null;
        if (FlightEvents.wantStalls()) {
            if (reused == null) {
                reused = new LoopStallEvent();
            }
            turn = reused;
            turn.events = events;
            turn.ports = 0;
            turn.slowest = 0;
            slowest = null;
            mark = System.nanoTime();
            turn.begin();
        }
    }

    void served(UdpPort port) {
        if (turn != null) {
            var took = stretch();
            turn.ports += took;
            if (took > turn.slowest) {
                turn.slowest = took;
                slowest = port;
            }
        }
    }

    /** Calls from threads and timers are done. */
    void called() {
        if (turn != null) {
            turn.calls = stretch();
        }
    }

    void flushed() {
        if (turn != null) {
            turn.flush = stretch();
        }
    }

    private long stretch() {
        var from = mark;
        mark = System.nanoTime();
        return mark - from;
    }

    /** Before the next poll. */
    void end() {
        if (turn != null) {
            turn.end();
            if (turn.shouldCommit()) {
                turn.slowestPort = slowest == null ? null : slowest.toString();
                turn.commit();
            }
            turn = null;
        }
    }
}
