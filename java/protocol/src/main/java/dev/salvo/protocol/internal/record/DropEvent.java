package dev.salvo.protocol.internal.record;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A port has lost datagrams. */
@Name("salvo.Drop")
@Label("Drop")
@Category("Salvo")
@Description("A counter of lost datagrams has grown; checked once a second and when the port is closed")
@StackTrace(false)
final class DropEvent extends Event {

    private static final DropEvent PROBE = new DropEvent(0, "", 0, 0);

    @Label("Local Port")
    final int port;

    @Label("Reason")
    final String reason;

    @Label("Count")
    @Description("Datagrams lost since the last event of this port and reason, or since the port was opened")
    final long count;

    @Label("Total")
    @Description("Datagrams lost since the port was opened")
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
