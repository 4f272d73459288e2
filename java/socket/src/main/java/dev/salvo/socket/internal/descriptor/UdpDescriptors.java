package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.Owner;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/** Descriptors of UDP sockets: a new one, and one that was opened elsewhere, which is checked and never changed. */
public final class UdpDescriptors {

    /** The lowest number for a duplicate: above standard input, output and error. */
    private static final int LOWEST = 3;

    private static final SockOpt<Integer> CORK = SockOpt.ofInt("UDP_CORK", Linux.SOL_UDP(), Linux.UDP_CORK());

    private UdpDescriptors() {}

    /**
     * Checks that datagrams can be sent by a UDP socket, and returns its family.
     *
     * @param named the number that the caller knows the descriptor by, for exceptions
     */
    public static StandardProtocolFamily usable(FileDescriptor fd, int named) throws SyscallException {
        var family = familyOf(fd, named);
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(fd, arena);
            if (options.getOr(CORK, 0) != 0) {
                throw new SyscallException("adopt", named + ": UDP_CORK is on, which gathers all that is sent into one"
                        + " datagram; switch it off first", Linux.EBUSY());
            }
            // A send would bind a socket that is not bound, and that one has sent nothing.
            if (Struct.port(new Binding(fd, options, arena).local()) != 0 && hasBegunDatagram(fd, family, arena)) {
                throw new SyscallException("adopt",
                        named + ": a datagram that was begun with MSG_MORE is not yet ended,"
                                + " and would take in all that is sent",
                        Linux.EBUSY());
            }
        }
        return family;
    }

    /**
     * Whether the socket has a datagram that was begun with MSG_MORE. The kernel then appends what is sent, and does
     * not look at its destination. Without one, the port 0 of the destination is EINVAL. With MSG_PROBE, which the C
     * library calls MSG_PROXY, nothing is appended, and with MSG_MORE nothing is sent (udp_sendmsg of net/ipv4/udp.c,
     * ip_append_data).
     */
    private static boolean hasBegunDatagram(FileDescriptor fd, StandardProtocolFamily family, Arena arena) {
        var headers = new MessageHeaders(arena, 1, 1);
        headers.name(0, Struct.loopback(family, 0));
        headers.vector(0, arena.allocate(1), 0, 0);
        headers.vectors(0, 0, 1);
        headers.controlLength(0, 0);
        var flags = Linux.MSG_PROXY() | Linux.MSG_MORE() | Linux.MSG_DONTWAIT();
        return fd.kernel().sendmsg(fd.number(), headers.from(0), flags) == 0;
    }

    /**
     * The family of a UDP socket.
     *
     * @param named the number that the caller knows the descriptor by, for exceptions
     */
    private static StandardProtocolFamily familyOf(FileDescriptor fd, int named) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(fd, arena);
            var domain = ask(options, SocketLevelOptions.DOMAIN, named);
            if (domain != Linux.AF_INET() && domain != Linux.AF_INET6()) {
                throw new SyscallException("adopt", named, Linux.EAFNOSUPPORT());
            }
            if (ask(options, SocketLevelOptions.TYPE, named) != Linux.SOCK_DGRAM()) {
                throw new SyscallException("adopt", named, Linux.EPROTOTYPE());
            }
            // IPPROTO_ICMP is a ping socket, IPPROTO_UDPLITE has other checksums and no coalescing.
            if (ask(options, SocketLevelOptions.PROTOCOL, named) != Linux.IPPROTO_UDP()) {
                throw new SyscallException("adopt", named, Linux.EPROTONOSUPPORT());
            }
            return domain == Linux.AF_INET6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        }
    }

    /** Reads an option. An exception names the descriptor as the caller knows it. */
    private static int ask(OptionCalls options, SockOpt<Integer> option, int named) throws SyscallException {
        try {
            return options.get(option);
        } catch (SyscallException e) {
            throw new SyscallException(e.call(), option + " of descriptor " + named, e);
        }
    }

    /**
     * A duplicate that is closed on exec. This flag belongs to the duplicate alone, not to the open file that both
     * share.
     */
    public static FileDescriptor duplicate(Kernel kernel, int descriptor, Owner owner) throws SyscallException {
        var result = kernel.fcntl(descriptor, Linux.F_DUPFD_CLOEXEC(), LOWEST);
        return new FileDescriptor(kernel, SyscallErrors.check("fcntl", "F_DUPFD_CLOEXEC of " + descriptor, result),
                owner);
    }

    /** A new UDP socket of the calling thread, closed on exec, with these further flags of socket(2). */
    public static FileDescriptor open(Kernel kernel, StandardProtocolFamily family, int flags)
            throws SyscallException {
        return open(kernel, family, flags, Owner.currentThread());
    }

    /** A new UDP socket, closed on exec, with these further flags of socket(2). */
    public static FileDescriptor open(Kernel kernel, StandardProtocolFamily family, int flags, Owner owner)
            throws SyscallException {
        var number = switch (family) {
            case INET -> Linux.AF_INET();
            case INET6 -> Linux.AF_INET6();
            case UNIX -> throw new IllegalArgumentException("a UDP socket is INET or INET6, not " + family);
        };
        var type = Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC() | flags;
        return new FileDescriptor(
                kernel, SyscallErrors.check("socket", kernel.socket(number, type, Linux.IPPROTO_UDP())), owner);
    }
}
