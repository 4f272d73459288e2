package dev.salvo.protocol.clock;

import java.time.Duration;

/**
 * A call that is to be made later, as {@link Clock#callLater} returns it. Its methods must be called on the clock's
 * thread. A call counts as called before its function runs, so it can't cancel itself.
 *
 * <p>
 * Here a server keeps a session for each peer, which ends when the peer is silent:
 *
 * {@snippet file = "dev/salvo/examples/SessionServer.java" region = "sessions"}
 */
public interface DelayedCall {

    /**
     * Cancels the call.
     *
     * @throws AlreadyCalledException if the call was made, or is being made
     * @throws AlreadyCancelledException if the call was cancelled
     */
    void cancel();

    /**
     * Moves the call to another time.
     *
     * @param delay the time from now until the call
     * @throws AlreadyCalledException if the call was made, or is being made
     * @throws AlreadyCancelledException if the call was cancelled
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    void reset(Duration delay);

    /**
     * Postpones the call, or brings it forward.
     *
     * @param delay the time to add to the time at which the call is due. A negative one makes it due sooner, but not
     *     before now
     * @throws AlreadyCalledException if the call was made, or is being made
     * @throws AlreadyCancelledException if the call was cancelled
     */
    void delay(Duration delay);

    /**
     * Whether the call is still to be made.
     *
     * @return false once the call has begun, or was cancelled
     */
    boolean active();

    /**
     * The time at which the call is due, or was due.
     *
     * @return the time in seconds, as {@link Clock#seconds} counts them
     */
    double getTime();
}
