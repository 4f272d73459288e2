package dev.salvo.protocol.clock;

/**
 * A call that is made repeatedly, as {@link Clock#callEvery} returns it. Its methods must be called on the clock's
 * thread.
 */
public interface LoopingCall {

    /** Stops the repeated call. The call may do this itself. A second stop does nothing. */
    void stop();

    /**
     * Whether the call will be made again.
     *
     * @return false once it was stopped
     */
    boolean running();
}
