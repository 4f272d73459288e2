package dev.salvo.protocol;

import java.time.Duration;

/**
 * A call that is to be made later: what {@link Clock#callLater} returns. Belongs to the clock's thread. Counts as
 * called before its function runs, so that no call can cancel itself.
 *
 * <p>A session for each peer, which ends when the peer is silent:
 *
 * {@snippet file = "dev/salvo/examples/SessionServer.java" region = "sessions"}
 */
public interface DelayedCall {

    /**
     * Sees to it that the call is not made.
     *
     * @throws AlreadyCalledException if it was made, or is being made
     * @throws AlreadyCancelledException if it was cancelled
     */
    void cancel();

    /**
     * Has the call made at another time.
     *
     * @param delay from now on
     * @throws AlreadyCalledException if it was made, or is being made
     * @throws AlreadyCancelledException if it was cancelled
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    void reset(Duration delay);

    /**
     * Has the call made later than it was to be, or sooner.
     *
     * @param delay what is added to the time at which it is due; negative for sooner, but not before now
     * @throws AlreadyCalledException if it was made, or is being made
     * @throws AlreadyCancelledException if it was cancelled
     */
    void delay(Duration delay);

    /**
     * Whether the call is still to be made.
     *
     * @return false once it has begun, or was cancelled
     */
    boolean active();

    /**
     * When the call is due, or was.
     *
     * @return in seconds, as {@link Clock#seconds} counts them
     */
    double getTime();
}
