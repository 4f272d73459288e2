package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.control.ControlWriter;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/**
 * Finds out whether the kernel supports ids for transmit timestamps. An older kernel returns EINVAL for the control
 * message, and so for every datagram that has it (__sock_cmsg_send of net/core/sock.c), which would look like a fault
 * of the datagram.
 */
public final class TimestampProbe {

    /** All flags, unlike {@code SocketLevelOptions.TIMESTAMPING}, whose value leaves out some. */
    public static final SockOpt<Integer> FLAGS = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());

    /**
     * With these flags the kernel only looks up the route of an empty message, and does not send it (do_confirm of
     * udp_sendmsg, net/ipv4/udp.c, and of udpv6_sendmsg). The kernel reads control messages before that, so an error
     * other than EINVAL means that it accepted them.
     */
    private static final int NOTHING_SENT = Linux.MSG_CONFIRM() | Linux.MSG_PROXY() | Linux.MSG_DONTWAIT();

    private static final int CONTROL_ROOM = 64;
    private static final int DISCARD_PORT = 9;

    private TimestampProbe() {}

    /**
     * Asks with a socket of its own, since sending binds a socket.
     *
     * @throws SyscallException EINVAL if the kernel does not support ids
     */
    public static void requireIds(Kernel kernel, StandardProtocolFamily family) throws SyscallException {
        var fd = UdpDescriptors.open(kernel, family, 0);
        try (var arena = Arena.ofConfined()) {
            new OptionCalls(fd, arena).set(FLAGS, Linux.SOF_TIMESTAMPING_OPT_ID());
            if (send(fd, Struct.loopback(family, DISCARD_PORT), arena) == -Linux.EINVAL()) {
                throw new SyscallException("sendmsg",
                        "with SCM_TS_OPT_ID, which transmit timestamps need, from Linux 6.13 on", Linux.EINVAL());
            }
        } finally {
            fd.close();
        }
    }

    private static long send(FileDescriptor fd, NativeAddress to, Arena arena) {
        var control = arena.allocate(CONTROL_ROOM, Long.BYTES);
        var writer = new ControlWriter();
        writer.reset(control, 0, CONTROL_ROOM);
        ControlOptions.writeTimestamp(writer, 0);
        var message = new MessageHeaders(arena, 1, 1);
        message.name(0, to);
        message.control(0, control, 0, writer.length());
        return fd.kernel().sendmsg(fd.number(), message.from(0), NOTHING_SENT);
    }
}
