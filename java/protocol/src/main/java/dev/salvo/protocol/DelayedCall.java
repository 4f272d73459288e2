package dev.salvo.protocol;

/** A call that is to be made later: what {@link Reactor#callLater} returns. Belongs to the reactor's thread. */
public final class DelayedCall {

    /** Not in the heap. */
    static final int OUT = -1;

    private final Timers timers;
    final Call call;
    /** When it is due, by the clock of the timers, and which of those due at the same time was made first. */
    final long due;

    final long sequence;
    /** Where it is in the heap. */
    int index = OUT;

    DelayedCall(Timers timers, Call call, long due, long sequence) {
        this.timers = timers;
        this.call = call;
        this.due = due;
        this.sequence = sequence;
    }

    /**
     * Whether the call is still to be made.
     *
     * @return false once it has begun, or was cancelled
     */
    public boolean active() {
        return index != OUT;
    }

    /**
     * Sees to it that the call is not made.
     *
     * @throws IllegalStateException if it was made, or cancelled before
     */
    public void cancel() {
        timers.requireOwner();
        if (!active()) {
            throw new IllegalStateException("already called, or cancelled");
        }
        timers.remove(this);
    }

    boolean isBefore(DelayedCall other) {
        // Differences, since nanoTime may wrap.
        var difference = due - other.due;
        return difference < 0 || (difference == 0 && sequence < other.sequence);
    }
}
