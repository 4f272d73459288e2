package dev.salvo.socket;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One recvmmsg that brought something. */
@Name("salvo.Receive")
@Label("Receive")
@Category("Salvo")
@Description("One recvmmsg that brought something; the duration is that of the system call")
@Enabled(false)
@StackTrace(false)
final class ReceiveEvent extends Event {

    private static final ReceiveEvent PROBE = new ReceiveEvent();

    @Label("Local Port")
    int port;

    @Label("Messages")
    int messages;

    @Label("Datagrams")
    long datagrams;

    @Label("Payload")
    @DataAmount
    long bytes;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static ReceiveEvent begun() {
        var event = new ReceiveEvent();
        event.begin();
        return event;
    }
}
