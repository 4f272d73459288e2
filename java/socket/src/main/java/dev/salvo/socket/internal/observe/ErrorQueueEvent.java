package dev.salvo.socket.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/** An ICMP error that was read from an error queue. Throttled, since anyone on the path can cause it. */
@Name("salvo.ErrorQueueEntry")
@Label("Error Queue Entry")
@Category("Salvo")
@Description("An ICMP error was read from a socket's error queue")
@Throttle("100/s")
@StackTrace(false)
public final class ErrorQueueEvent extends Event {

    private static final ErrorQueueEvent PROBE = new ErrorQueueEvent();

    @Label("Error")
    @Nullable
    public String errno;

    @Label("Origin")
    @Nullable
    public String origin;

    @Label("ICMP Type")
    public int type;

    @Label("ICMP Code")
    public int code;

    @Label("Info")
    @Description("The MTU, if the error is that a datagram was larger")
    public long info;

    @Label("Destination")
    @Nullable
    public String destination;

    @Label("Offender")
    @Description("The sender of the ICMP message; null if the kernel does not report it")
    @Nullable
    public String offender;

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
