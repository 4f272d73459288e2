package dev.salvo.socket.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One send of a batch, of which the kernel may have accepted only a part, or of a datagram by itself. */
@Name("salvo.Flush")
@Label("Flush")
@Category("Salvo")
@Description("One send of a batch: all its sendmmsg calls, retries included; or of a single datagram")
@Enabled(false)
@StackTrace(false)
final class FlushEvent extends Event {

    private static final FlushEvent PROBE = new FlushEvent();

    @Label("Local Port")
    int port;

    @Label("System Calls")
    long calls;

    @Label("Messages")
    long messages;

    @Label("Datagrams")
    long datagrams;

    @Label("Payload")
    @DataAmount
    long bytes;

    @Label("Stopped By")
    @Description("EAGAIN, ENOBUFS or ENOMEM if the kernel accepted no more, the error of a single datagram, or null")
    @Nullable
    String stoppedBy;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static FlushEvent begun() {
        var event = new FlushEvent();
        event.begin();
        return event;
    }
}
