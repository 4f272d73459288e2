package dev.salvo.protocol;

/** Something that the reactor calls once, on its thread. */
@FunctionalInterface
public interface Call {

    /**
     * Does it.
     *
     * @throws Exception anything: it is logged, and the loop goes on
     */
    void run() throws Exception;
}
