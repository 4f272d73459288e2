package dev.salvo.protocol;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Datagrams that a port has lost. */
@Name("salvo.Drop")
@Label("Drop")
@Category("Salvo")
@Description("A counter of datagrams lost has grown; looked at once a second and when the port is closed")
@StackTrace(false)
final class DropEvent extends Event {

    private static final DropEvent PROBE = new DropEvent(0, "", 0, 0);

    @Label("Local Port")
    final int port;

    @Label("Reason")
    final String reason;

    @Label("Count")
    @Description("Since the last event of this port and reason, or since the port was opened")
    final long count;

    @Label("Total")
    @Description("Since the port was opened")
    final long total;

    DropEvent(int port, String reason, long count, long total) {
        this.port = port;
        this.reason = reason;
        this.count = count;
        this.total = total;
    }

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
