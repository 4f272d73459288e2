package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/** Finds out what a descriptor is that somebody else opened, and changes nothing of it. */
final class Adoption {

    /** Above standard input, output and error, where a library's own descriptor has no business. */
    private static final int LOWEST = 3;

    private Adoption() {}

    /**
     * The family of a UDP socket.
     *
     * @param named what the caller calls the descriptor
     */
    static StandardProtocolFamily familyOf(FileDescriptor fd, int named) throws SyscallException {
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

    /** What is wrong with the descriptor is told with its number. */
    private static int ask(OptionCalls options, SockOpt<Integer> option, int named) throws SyscallException {
        try {
            return options.get(option);
        } catch (SyscallException e) {
            var told = new SyscallException(e.call(), option + " of descriptor " + named, e.errno());
            told.initCause(e);
            throw told;
        }
    }

    /** A duplicate, closed on exec: a flag of the number, not of the file that it shares with {@code descriptor}. */
    static FileDescriptor duplicate(Kernel kernel, int descriptor) throws SyscallException {
        var result = kernel.fcntl(descriptor, Linux.F_DUPFD_CLOEXEC(), LOWEST);
        return new FileDescriptor(kernel, SyscallErrors.check("fcntl", "F_DUPFD_CLOEXEC of " + descriptor, result));
    }
}
