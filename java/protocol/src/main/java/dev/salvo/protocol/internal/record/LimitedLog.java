package dev.salvo.protocol.internal.record;

import java.lang.System.Logger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs what others can cause, at most {@link #LINES_A_SECOND} lines a second. After that second it logs how many lines
 * were left out. Any thread may call it. Counters of the same failures are not limited.
 *
 * <p>
 * No method throws: a handler of the program that fails, or a class that the log can't load, must end neither a loop
 * nor a port.
 */
public final class LimitedLog {

    static final int LINES_A_SECOND = 10;

    /** The log of the whole protocol layer. */
    private static final Logger LOG = System.getLogger("dev.salvo.reactor.Reactor");
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

    public void error(String what, Throwable t) {
        if (admits()) {
            always(what, t);
        }
    }

    /** Logs a sentence, which is made only if it is logged. */
    public void warn(Supplier<String> sentence) {
        if (admits()) {
            guarded(() -> LOG.log(Logger.Level.WARNING, sentence));
        }
    }

    private synchronized boolean admits() {
        if (nanosLeft() <= 0) {
            tell();
            began = nanoTime.getAsLong();
            logged = 0;
        }
        if (logged < LINES_A_SECOND) {
            logged++;
            return true;
        }
        leftOut++;
        return false;
    }

    /** Logs without a limit, for failures that happen only a few times in a reactor's life. Any thread may call it. */
    public static void always(String what, Throwable t) {
        guarded(() -> LOG.log(Logger.Level.ERROR, what, t));
    }

    /** Logs without a limit, as {@link #always(String, Throwable)}. The format is that of MessageFormat. */
    public static void always(Logger.Level level, String format, @Nullable Object... arguments) {
        guarded(() -> LOG.log(level, format, arguments));
    }

    private static void guarded(Runnable logging) {
        try {
            logging.run();
        } catch (Throwable t) {
            // Where would it be reported?
        }
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
            always(Logger.Level.ERROR, "{0} more lines were not logged", lines);
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
