package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.timespec;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.HandWritten;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import java.lang.foreign.Arena;

/** What this kernel has, where neither an option nor a datagram shows it. Everything else is found out by using it. */
public final class Features {

    private Features() {}

    /**
     * Calls epoll_pwait2, with which {@link EpollPoller} waits for nanoseconds; without it, for whole milliseconds.
     *
     * @return 0 if it works, else the errno: ENOSYS from a kernel before 5.11 and for a glibc before 2.35, EPERM from a
     * seccomp filter that does not know it
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     */
    public static int epollPwait2() throws SyscallException {
        var kernel = Kernels.current();
        var number = SyscallErrors.check("epoll_create1", kernel.epollCreate1(Linux.EPOLL_CLOEXEC()));
        var fd = new FileDescriptor(kernel, number);
        try (var arena = Arena.ofConfined()) {
            var event = arena.allocate(HandWritten.EPOLL_EVENT_SIZE, Long.BYTES);
            var result = kernel.epollPwait2(fd.number(), event, 1, timespec.allocate(arena));
            return result == -Linux.EINTR() ? 0 : Math.max(-result, 0);
        } finally {
            fd.close();
        }
    }

    /**
     * Sends one message of 128 datagrams over loopback, from a socket of its own to itself, and closes that.
     *
     * @return how many datagrams this kernel takes in a message, of which {@link SendBatch#maxSegments} may be told:
     * 128 from Linux 6.9 on, and of older ones where they got it as a fix (UDP_MAX_SEGMENTS of include/linux/udp.h), 64
     * else; 1 without UDP_SEGMENT. What a kernel takes beyond 128 is not asked
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors, ENETUNREACH or EADDRNOTAVAIL where
     *     there is no 127.0.0.1, EPERM if a firewall forbids it
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     */
    public static int maxSegments() throws SyscallException {
        return SegmentProbe.ask(Kernels.current());
    }
}
