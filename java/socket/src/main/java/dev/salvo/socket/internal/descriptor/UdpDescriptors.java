package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/** Descriptors of UDP sockets: a new one, and one that was opened elsewhere, which is checked and never changed. */
public final class UdpDescriptors {

    /** The lowest number for a duplicate: above standard input, output and error. */
    private static final int LOWEST = 3;

    private UdpDescriptors() {}

    /**
     * The family of a UDP socket.
     *
     * @param named the number that the caller knows the descriptor by, for exceptions
     */
    public static StandardProtocolFamily familyOf(FileDescriptor fd, int named) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(fd, arena);
            var domain = ask(options, SocketOptions.DOMAIN, named);
            if (domain != Linux.AF_INET() && domain != Linux.AF_INET6()) {
                throw new SyscallException("adopt", named, Linux.EAFNOSUPPORT());
            }
            if (ask(options, SocketOptions.TYPE, named) != Linux.SOCK_DGRAM()) {
                throw new SyscallException("adopt", named, Linux.EPROTOTYPE());
            }
            // IPPROTO_ICMP is a ping socket, IPPROTO_UDPLITE has other checksums and no coalescing.
            if (ask(options, SocketOptions.PROTOCOL, named) != Linux.IPPROTO_UDP()) {
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
    public static FileDescriptor duplicate(Kernel kernel, int descriptor) throws SyscallException {
        var result = kernel.fcntl(descriptor, Linux.F_DUPFD_CLOEXEC(), LOWEST);
        return new FileDescriptor(kernel, SyscallErrors.check("fcntl", "F_DUPFD_CLOEXEC of " + descriptor, result));
    }

    /** A new UDP socket, closed on exec, with these further flags of socket(2). */
    public static FileDescriptor open(Kernel kernel, StandardProtocolFamily family, int flags)
            throws SyscallException {
        var number = switch (family) {
            case INET -> Linux.AF_INET();
            case INET6 -> Linux.AF_INET6();
            case UNIX -> throw new IllegalArgumentException("a UDP socket is INET or INET6, not " + family);
        };
        var type = Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC() | flags;
        return new FileDescriptor(
                kernel, SyscallErrors.check("socket", kernel.socket(number, type, Linux.IPPROTO_UDP())));
    }
}
