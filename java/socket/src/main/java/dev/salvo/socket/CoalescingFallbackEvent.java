package dev.salvo.socket;

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
@Description("A joined message was refused, and is sent one datagram at a time")
@Throttle("100/s")
@StackTrace(false)
final class CoalescingFallbackEvent extends Event {

    private static final CoalescingFallbackEvent PROBE = new CoalescingFallbackEvent(SockAddr.NONE, 0, 0, 0);

    @Label("Destination")
    @Description("null for the peer of a connected socket")
    final @Nullable String destination;

    @Label("Error")
    final String errno;

    @Label("Segment Size")
    final int segmentSize;

    @Label("Datagrams")
    final int datagrams;

    CoalescingFallbackEvent(SockAddr destination, int errno, int segmentSize, int datagrams) {
        this.destination = destination.equals(SockAddr.NONE) ? null : destination.toString();
        this.errno = Errno.name(errno);
        this.segmentSize = segmentSize;
        this.datagrams = datagrams;
    }

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
