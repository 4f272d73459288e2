package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.internal.port.UdpPort;
import dev.salvo.protocol.internal.record.FlightEvents;
import dev.salvo.protocol.internal.record.LoopStallEvent;
import org.jspecify.annotations.Nullable;

/** Measures the turns of the loop, from one poll to the next, and records the long ones as flight recorder events. */
final class LoopWatch {

    /** The event of the current turn; null while nothing is recorded. */
    private @Nullable LoopStallEvent turn;
    /** Allocated once, since a turn of the loop allocates nothing. */
    private @Nullable LoopStallEvent reused;

    private @Nullable UdpPort slowest;
    /** When the last measured stretch ended. */
    private long mark;

    /** Begins a turn, after a poll that returned this number of events. */
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

    /** Ends the stretch of calls from threads and timers. */
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

    /** Ends the turn, before the next poll. */
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
