package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.timespec;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.send.SegmentProbe;
import java.lang.foreign.Arena;

/**
 * Probes for features of the kernel that no socket option and no datagram reveals. A program discovers everything else
 * by using it.
 */
public final class Features {

    private Features() {}

    /**
     * Calls epoll_pwait2 to find out whether it works. With it, {@link dev.salvo.socket.poll.EpollPoller} waits with a
     * resolution of nanoseconds; without it, of milliseconds.
     *
     * @return 0 if it works, else the errno: ENOSYS if the kernel is older than 5.11; EPERM or ENOSYS if a seccomp
     * filter refuses the call
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors
     * @throws UnsupportedOperationException if Salvo cannot run on this machine or this JVM; the message says what to
     *     do
     */
    public static int epollPwait2() throws SyscallException {
        var kernel = Kernels.current();
        var number = SyscallErrors.check("epoll_create1", kernel.epollCreate1(Linux.EPOLL_CLOEXEC()));
        var fd = new FileDescriptor(kernel, number);
        try (var arena = Arena.ofConfined()) {
            var event = arena.allocate(LinuxExtras.EPOLL_EVENT_SIZE, Long.BYTES);
            var result = kernel.epollPwait2(fd.number(), event, 1, timespec.allocate(arena));
            return result == -Linux.EINTR() ? 0 : Math.max(-result, 0);
        } finally {
            fd.close();
        }
    }

    /**
     * Finds out how many datagrams this kernel accepts in one message. It sends one message of 128 datagrams over
     * loopback, from a temporary socket to itself.
     *
     * @return the largest number that {@link SendBatch#maxSegments} can use. It is 128 on Linux 6.9 and newer, and on
     * older kernels that received the change as a fix (UDP_MAX_SEGMENTS of include/linux/udp.h); 64 on other kernels; 1
     * without UDP_SEGMENT. More than 128 is not tried
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors, ENETUNREACH or EADDRNOTAVAIL if
     *     there is no 127.0.0.1, EPERM if a firewall forbids the message
     * @throws UnsupportedOperationException if Salvo cannot run on this machine or this JVM; the message says what to
     *     do
     */
    public static int maxSegments() throws SyscallException {
        return SegmentProbe.ask(Kernels.current());
    }
}
