package dev.salvo.socket.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One recvmmsg that returned messages. */
@Name("salvo.Receive")
@Label("Receive")
@Category("Salvo")
@Description("One recvmmsg that returned messages; the duration is that of the system call")
@Enabled(false)
@StackTrace(false)
public final class ReceiveEvent extends Event {

    private static final ReceiveEvent PROBE = new ReceiveEvent();

    @Label("Local Port")
    public int port;

    @Label("Messages")
    public int messages;

    @Label("Datagrams")
    public long datagrams;

    @Label("Payload")
    @DataAmount
    public long bytes;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static ReceiveEvent begun() {
        var event = new ReceiveEvent();
        event.begin();
        return event;
    }
}
