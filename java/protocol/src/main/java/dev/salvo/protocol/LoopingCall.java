package dev.salvo.protocol;

/** A call that is made again and again: what {@link Clock#callEvery} returns. Belongs to the clock's thread. */
public interface LoopingCall {

    /** Sees to it that the call is not made again; it may do so itself. A second call does nothing. */
    void stop();

    /**
     * Whether the call will be made again.
     *
     * @return false once it was stopped
     */
    boolean running();
}
