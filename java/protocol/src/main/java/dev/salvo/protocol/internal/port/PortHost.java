package dev.salvo.protocol.internal.port;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import java.time.Duration;
import java.util.function.Supplier;

/** The loop that serves a port, as the port sees it. */
public interface PortHost {

    /** Throws WrongThreadException unless the caller is the loop's thread. */
    void requireOwner();

    /** Whether the caller is the loop's thread. */
    boolean isOwner();

    /** As {@code Clock.callLater}. */
    DelayedCall callLater(Duration delay, Call call);

    /**
     * Logs an exception that a peer, the network or a mistake of the program can cause any number of times; the number
     * of lines is therefore limited. Any thread may call it.
     */
    void log(String what, Throwable t);

    /** Logs such a sentence, which is made only if it is logged. */
    void warn(Supplier<String> sentence);
}
