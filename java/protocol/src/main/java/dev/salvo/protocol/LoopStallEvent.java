package dev.salvo.protocol;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A turn of the loop, from a poll to the next. */
@Name("salvo.LoopStall")
@Label("Loop Stall")
@Category("Salvo")
@Description("From a poll to the next it took longer than the threshold: nobody else was served meanwhile")
@Threshold("20 ms")
@StackTrace(false)
final class LoopStallEvent extends Event {

    private static final LoopStallEvent PROBE = new LoopStallEvent();

    @Label("Events")
    @Description("What the poll told: ports that were ready, and calls from other threads")
    int events;

    @Label("Ports")
    @Description("Receiving, the protocols' callbacks and sending, of ports that were ready")
    @Timespan
    long ports;

    @Label("Calls")
    @Description("Calls from other threads, and those that were due")
    @Timespan
    long calls;

    @Label("Flush")
    @Description("Sending what those wrote, and the callbacks that came of it")
    @Timespan
    long flush;

    @Label("Slowest Port")
    @Nullable
    String slowestPort;

    @Label("Slowest Port Took")
    @Timespan
    long slowest;

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
