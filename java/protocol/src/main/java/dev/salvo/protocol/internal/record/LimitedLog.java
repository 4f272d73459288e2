package dev.salvo.protocol.internal.record;

import java.lang.System.Logger;
import java.util.function.LongSupplier;

/**
 * Logs exceptions that others can cause, at most {@link #LINES_A_SECOND} lines a second. After that second it logs how
 * many lines were left out. Any thread may call it. Counters of the same failures are not limited.
 */
public final class LimitedLog {

    static final int LINES_A_SECOND = 10;

    /** The log of the whole protocol layer. */
    public static final Logger LOG = System.getLogger("dev.salvo.reactor.Reactor");
    private static final long SECOND = 1_000_000_000;

    private final LongSupplier nanoTime;
    /** When the present second began, and how many lines were logged in it. */
    private long began;

    private int logged;
    /** Written with the lock held. */
    private volatile long leftOut;

    public LimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
    }

    public synchronized void error(String what, Throwable t) {
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

    /** Logs without a limit, for failures that happen only a few times in a reactor's life. Any thread may call it. */
    public static void always(String what, Throwable t) {
        LOG.log(Logger.Level.ERROR, what, t);
    }

    private long nanosLeft() {
        return began + SECOND - nanoTime.getAsLong();
    }

    /** Logs how many lines were left out, if there were any and their second is over. */
    public void tellIfDue() {
        if (leftOut > 0) {
            synchronized (this) {
                if (nanosLeft() <= 0) {
                    tell();
                }
            }
        }
    }

    /** Logs how many lines were left out, if there were any. */
    public synchronized void tell() {
        if (leftOut > 0) {
            var lines = leftOut;
            leftOut = 0;
            LOG.log(Logger.Level.ERROR, "{0} more exceptions were not logged", lines);
        }
    }

    /**
     * Shortens the loop's sleep, so that it wakes when the left-out lines are due to be logged. Negative means for
     * ever.
     */
    public long sleep(long nanos) {
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
