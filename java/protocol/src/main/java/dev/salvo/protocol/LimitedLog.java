package dev.salvo.protocol;

import java.lang.System.Logger;
import java.util.function.LongSupplier;

/**
 * What a reactor logs of what others can bring about: so many lines a second, and then how many were left out. Any
 * thread. What is counted elsewhere is counted all the same.
 */
final class LimitedLog {

    static final int LINES_A_SECOND = 10;

    private static final Logger LOG = System.getLogger(Reactor.class.getName());
    private static final long SECOND = 1_000_000_000;

    private final LongSupplier nanoTime;
    /** When the present second began, and what was logged in it. */
    private long began;

    private int logged;
    /** Written with the lock held. */
    private volatile long leftOut;

    LimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
    }

    synchronized void error(String what, Throwable t) {
        if (nanosLeft() <= 0) {
            tell();
            began = nanoTime.getAsLong();
            logged = 0;
        }
        if (logged < LINES_A_SECOND) {
            logged++;
            LOG.log(Logger.Level.ERROR, what, t);
        } else {
            leftOut++;
        }
    }

    private long nanosLeft() {
        return began + SECOND - nanoTime.getAsLong();
    }

    /** Says how many lines were left out, if there were any and their second is over. */
    void tellIfDue() {
        if (leftOut > 0) {
            synchronized (this) {
                if (nanosLeft() <= 0) {
                    tell();
                }
            }
        }
    }

    /** Says how many lines were left out, if there were any. */
    synchronized void tell() {
        if (leftOut > 0) {
            var lines = leftOut;
            leftOut = 0;
            LOG.log(Logger.Level.ERROR, "{0} more suppressed", lines);
        }
    }

    /** How long the loop may sleep that would sleep so long, negative for ever: not past the time to tell. */
    long sleep(long nanos) {
        if (leftOut == 0) {
            return nanos;
        }
        long left;
        synchronized (this) {
            left = Math.max(0, nanosLeft());
        }
        return nanos < 0 ? left : Math.min(nanos, left);
    }
}
