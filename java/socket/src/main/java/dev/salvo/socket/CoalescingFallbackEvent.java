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

    private static final CoalescingFallbackEvent PROBE = new CoalescingFallbackEvent();

    @Label("Destination")
    @Description("null for the peer of a connected socket")
    @Nullable
    String destination;

    @Label("Error")
    @Nullable
    String errno;

    @Label("Segment Size")
    int segmentSize;

    @Label("Datagrams")
    int datagrams;

    void fill(OutgoingMessage message, int number) {
        var address = message.destination.address;
        destination = address.equals(SockAddr.NONE) ? null : address.toString();
        errno = Errno.name(number);
        segmentSize = message.segmentSize;
        datagrams = message.datagrams;
    }

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
