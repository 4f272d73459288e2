package dev.salvo.protocol.clock;

/** A function that a reactor calls: on its own thread, unless it was given to callInThread. */
@FunctionalInterface
public interface Call {

    /**
     * Makes the call.
     *
     * @throws Exception anything: a reactor logs it, and its loop goes on
     */
    void run() throws Exception;
}
