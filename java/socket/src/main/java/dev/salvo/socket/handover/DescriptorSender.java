package dev.salvo.socket.handover;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.descriptor.PollWait;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.unix.DescriptorMessage;
import dev.salvo.socket.internal.unix.SendTimeout;
import dev.salvo.socket.internal.unix.UnixAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Sends descriptors to another process over a Unix stream socket in the file system. The other process may use a
 * {@link DescriptorReceiver}, {@code socket.recv_fds} of Python, or anything else that accepts SCM_RIGHTS (unix(7)).
 *
 * <p>
 * One message is sent: one zero byte, together with the descriptors. The peer then answers with one byte, NAK (21) if
 * it refuses the descriptors and any other byte if it takes them, or just closes the connection. If it closes the
 * connection without reading the message, the kernel reports ECONNRESET.
 *
 * <p>
 * From then on both processes share one socket, its options and its O_NONBLOCK flag: a socket that Salvo opened does
 * not block in the peer either. A datagram in the receive buffer goes to the process that receives first. So a service
 * that hands over its port while it is running duplicates the socket, stops receiving, answers the datagrams that it
 * has received, and then sends the duplicate. The duplicate keeps the socket open, and with it the datagrams that
 * arrive meanwhile. With the protocol layer, on the reactor's thread:
 *
 * <pre>{@code
 * var kept = UdpSocket.adoptDuplicate(port.socket().descriptor());
 * port.stopListening().thenRun(() -> {
 *     try (kept) {
 *         DescriptorSender.send(path, Duration.ofSeconds(10), kept.descriptor());
 *     } catch (IOException e) {
 *         // Not handed over. Until kept is closed, reactor.adoptDatagramPort(kept.descriptor(), ...) can resume.
 *     }
 * });
 * }</pre>
 *
 * Datagrams that the kernel has not accepted when the port closes are lost.
 * {@code port.statistics().datagramsDropped()} counts them, and is usually 0.
 */
public final class DescriptorSender {

    private DescriptorSender() {}

    /**
     * Sends descriptors to a peer that runs as the same user as this process, or as root. Otherwise as
     * {@link #send(Path, Predicate, Duration, int...)}.
     *
     * @param path where the peer listens: 1 to 107 bytes
     * @param timeout the longest time to wait, first to connect and then again for the answer: above 0
     * @param descriptors 1 to 64 open descriptors
     * @throws IOException as the other form; EACCES if another user listens there
     * @throws IllegalArgumentException as the other form
     */
    public static void send(Path path, Duration timeout, int... descriptors) throws IOException {
        send(path, PeerCredentials.sameUserOrRoot(Kernels.current()), timeout, descriptors);
    }

    /**
     * Connects, sends the descriptors to a peer that a rule trusts, and waits until the peer has them. In a folder that
     * others can write, anyone can listen first: nothing is sent to a peer that is not trusted. The descriptors stay
     * open and still belong to the caller, which may close them as soon as this returns: the peer has descriptors of
     * its own for the same sockets.
     *
     * @param path where the peer listens: 1 to 107 bytes
     * @param trusted called once, after the connect and before anything is sent, with the credentials that the peer had
     *     when it called listen(2) (SO_PEERCRED of unix(7)). If root listened, and another process inherited the socket
     *     or gave up its privileges, they are root's
     * @param timeout the longest time to wait, first to connect and then again for the answer: above 0. The thread
     *     blocks in connect(2) and poll(2)
     * @param descriptors 1 to 64 open descriptors. Sending does not change whether they are closed on exec
     * @throws IllegalStateException on a virtual thread: the wait would hold its carrier thread
     * @throws SocketTimeoutException if the peer's backlog stayed full, or if the peer neither answered nor closed the
     *     connection. In the second case it may have the descriptors
     * @throws SyscallException ENOENT or ECONNREFUSED if no process listens there, EACCES if this process may not
     *     connect or the peer is not trusted, EBADF if a descriptor is not open, EPIPE or ECONNRESET if the peer closed
     *     the connection without reading
     * @throws IOException if the peer refused the descriptors
     * @throws IllegalArgumentException if the path is empty, too long, or not of the default file system; if the number
     *     of descriptors is not 1 to 64; or if the timeout is not above 0
     */
    public static void send(Path path, Predicate<PeerCredentials> trusted, Duration timeout, int... descriptors)
            throws IOException {
        if (descriptors.length == 0 || descriptors.length > DescriptorMessage.MOST) {
            throw new IllegalArgumentException(
                    "expected 1 to " + DescriptorMessage.MOST + " descriptors, not " + descriptors.length);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the timeout must be above 0, not " + timeout);
        }
        PollWait.requirePlatformThread();
        var kernel = Kernels.current();
        try (var arena = Arena.ofConfined()) {
            var address = UnixAddress.of(path, arena);
            var type = Linux.SOCK_STREAM() | Linux.SOCK_CLOEXEC();
            var number = SyscallErrors.check("socket", kernel.socket(Linux.AF_UNIX(), type, 0));
            var fd = new FileDescriptor(kernel, number);
            try {
                // connect itself blocks while the backlog is full, since poll can't wait for room in a backlog.
                var options = new OptionCalls(fd, arena);
                options.set(SendTimeout.OPTION, timeout);
                int result;
                do {
                    // With a time limit the kernel does not restart an interrupted connect (signal(7)).
                    result = kernel.connect(number, address, (int) address.byteSize());
                } while (result == -Linux.EINTR());
                connected(result, path);
                var peer = options.get(PeerCredentials.PEERCRED);
                if (!trusted.test(peer)) {
                    throw new SyscallException("send to " + path, peer, Linux.EACCES());
                }
                var message = new DescriptorMessage(arena).toSend(descriptors);
                SyscallErrors.check("sendmsg", path, kernel.sendmsg(number, message, Linux.MSG_NOSIGNAL()));
                awaitAnswer(fd, path, timeout, arena);
            } finally {
                fd.close();
            }
        }
    }

    private static void connected(int result, Path path) throws IOException {
        if (result == -Linux.EAGAIN()) {
            throw new SocketTimeoutException("could not connect in time: the backlog of " + path + " stayed full");
        }
        SyscallErrors.check("connect", path, result);
    }

    private static void awaitAnswer(FileDescriptor fd, Path path, Duration timeout, Arena arena) throws IOException {
        if (!new PollWait(arena).within(timeout).untilReadable(fd)) {
            throw new SocketTimeoutException(
                    "the receiver at " + path
                            + " did not answer in time; it may have received the descriptors all the same");
        }
        var answer = arena.allocate(JAVA_BYTE);
        // 0 means that the peer closed after it had read the message: otherwise unix_release_sock of net/unix/af_unix.c
        // resets the connection.
        if (SyscallErrors.check("read", path, fd.read(answer, 1)) == 1
                && answer.get(JAVA_BYTE, 0) == DescriptorReceiver.NAK) {
            throw new IOException("the receiver at " + path + " refused the descriptors");
        }
    }
}
