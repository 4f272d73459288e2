package dev.salvo.socket.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/** A joined message that the kernel refused. */
@Name("salvo.CoalescingFallback")
@Label("Coalescing Fallback")
@Category("Salvo")
@Description("The kernel refused a joined message, which is now sent one datagram at a time")
@Throttle("100/s")
@StackTrace(false)
final class CoalescingFallbackEvent extends Event {

    private static final CoalescingFallbackEvent PROBE = new CoalescingFallbackEvent();

    @Label("Destination")
    @Description("null for the peer of a connected socket")
    @Nullable
    public String destination;

    @Label("Error")
    @Nullable
    public String errno;

    @Label("Segment Size")
    public int segmentSize;

    @Label("Datagrams")
    public int datagrams;

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
