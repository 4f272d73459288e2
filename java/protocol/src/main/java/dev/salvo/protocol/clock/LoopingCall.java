package dev.salvo.protocol.clock;

/**
 * A call that is made repeatedly, as {@link Clock#callEvery} returns it. Its methods must be called on the clock's
 * thread.
 */
public interface LoopingCall {

    /** Stops the repeated call, which may also stop itself. Stopping it twice does nothing. */
    void stop();

    /**
     * Whether the call will be made again.
     *
     * @return false once it was stopped
     */
    boolean running();
}
