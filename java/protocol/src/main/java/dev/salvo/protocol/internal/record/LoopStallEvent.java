package dev.salvo.protocol.internal.record;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A turn of the loop, from one poll to the next. */
@Name("salvo.LoopStall")
@Label("Loop Stall")
@Category("Salvo")
@Description("The time between two polls was over the threshold; nothing else was served meanwhile")
@Threshold("20 ms")
@StackTrace(false)
public final class LoopStallEvent extends Event {

    private static final LoopStallEvent PROBE = new LoopStallEvent();

    @Label("Events")
    @Description("Events that the poll returned: ports that were ready, and calls from other threads")
    public int events;

    @Label("Ports")
    @Description("Time of the ports that were ready: receiving, the protocols' callbacks, sending")
    @Timespan
    public long ports;

    @Label("Calls")
    @Description("Time of calls from other threads, and of delayed calls that were due")
    @Timespan
    public long calls;

    @Label("Flush")
    @Description("Time of sending what these calls wrote, and of the callbacks that followed")
    @Timespan
    public long flush;

    @Label("Slowest Port")
    @Nullable
    public String slowestPort;

    @Label("Slowest Port Took")
    @Timespan
    public long slowest;

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
