package dev.salvo.socket;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/** An ICMP error that was read off an error queue. Anyone on the path can bring it about, hence the throttle. */
@Name("salvo.ErrorQueueEntry")
@Label("Error Queue Entry")
@Category("Salvo")
@Description("An ICMP error was read off a socket's error queue")
@Throttle("100/s")
@StackTrace(false)
final class ErrorQueueEvent extends Event {

    private static final ErrorQueueEvent PROBE = new ErrorQueueEvent();

    @Label("Error")
    @Nullable
    String errno;

    @Label("Origin")
    @Nullable
    String origin;

    @Label("ICMP Type")
    int type;

    @Label("ICMP Code")
    int code;

    @Label("Info")
    @Description("The MTU, where the error is that a datagram was larger")
    long info;

    @Label("Destination")
    @Nullable
    String destination;

    @Label("Offender")
    @Description("Who sent the ICMP message; null where the kernel does not tell")
    @Nullable
    String offender;

    void fill(SocketError error) {
        errno = Errno.name(error.errno());
        origin = error.origin().name();
        type = error.type();
        code = error.code();
        info = error.info();
        destination = error.destination().toString();
        offender = error.offender() == null ? null : String.valueOf(error.offender());
    }

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
