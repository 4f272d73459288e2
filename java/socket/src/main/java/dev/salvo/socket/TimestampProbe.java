package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/**
 * Whether the kernel takes ids for transmit timestamps. An older one refuses the control message with EINVAL, and with
 * it every datagram that has it (__sock_cmsg_send of net/core/sock.c), which would look like a fault of the datagram.
 */
final class TimestampProbe {

    /**
     * A message of no bytes with these goes no further than to its route (do_confirm of udp_sendmsg, net/ipv4/udp.c,
     * and of udpv6_sendmsg). Control messages are looked at before, so another error than EINVAL says that they were
     * good.
     */
    private static final int NOTHING_SENT = Linux.MSG_CONFIRM() | Linux.MSG_PROXY() | Linux.MSG_DONTWAIT();

    private static final int CONTROL_ROOM = 64;

    private TimestampProbe() {}

    /** Throws unless it does. The question is put on a socket of its own: sending binds. */
    static void requireIds(UdpSocket socket) throws SyscallException {
        var fd = PathMtu.temporary(socket);
        try (var arena = Arena.ofConfined()) {
            new OptionCalls(fd, arena).set(Metadata.TIMESTAMPING, Linux.SOF_TIMESTAMPING_OPT_ID());
            var loopback = socket.family() == StandardProtocolFamily.INET6 ? "::1" : "127.0.0.1";
            if (ask(fd, SockAddr.of(loopback, 9), arena) == -Linux.EINVAL()) {
                throw new SyscallException("sendmsg",
                        "with SCM_TS_OPT_ID: transmit timestamps need Linux 6.13 or newer", Linux.EINVAL());
            }
        } finally {
            fd.close();
        }
    }

    private static long ask(FileDescriptor fd, SockAddr to, Arena arena) {
        var message = arena.allocate(Layouts.MMSGHDR, Long.BYTES);
        var name = arena.allocate(SockAddr.ROOM, Long.BYTES);
        var control = arena.allocate(CONTROL_ROOM, Long.BYTES);
        var writer = new ControlWriter();
        writer.reset(control, 0, CONTROL_ROOM);
        OptionControl.writeTimestamp(writer, 0);
        message.set(ADDRESS, Layouts.MSG_NAME, name);
        message.set(JAVA_INT, Layouts.MSG_NAMELEN, to.store(name, 0));
        message.set(ADDRESS, Layouts.MSG_CONTROL, control);
        message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, writer.length());
        return fd.kernel().sendmsg(fd.number(), message, NOTHING_SENT);
    }
}
