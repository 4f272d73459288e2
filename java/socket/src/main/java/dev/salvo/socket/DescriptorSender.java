package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.internal.UnixAddress;
import dev.salvo.socket.internal.Waiting;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Hands descriptors to another process over a Unix stream socket in the file system: to a {@link DescriptorReceiver},
 * to {@code socket.recv_fds} of Python, to anything that takes SCM_RIGHTS (unix(7)).
 *
 * <p>One message is sent: one byte, zero, with the descriptors. The peer then answers one byte, NAK (21) for refused
 * and any other for taken, or just closes the connection. Whether it had read the message before it closed, the kernel
 * tells: ECONNRESET if not.
 *
 * <p>Both processes then share one socket, its options and its O_NONBLOCK: one that Salvo opened does not block, in the
 * peer neither. What the socket has received is there for whoever receives first. So a service that hands over its port
 * while it runs stops receiving, answers what it has, and sends then, a duplicate that it made beforehand: that keeps
 * the socket and what arrives meanwhile. With the protocol layer, on the reactor's thread:
 *
 * <pre>{@code
 * var kept = UdpSocket.adoptDuplicate(port.socket().descriptor());
 * port.stopListening().thenRun(() -> {
 *     try (kept) {
 *         DescriptorSender.send(path, Duration.ofSeconds(10), kept.descriptor());
 *     } catch (IOException e) {
 *         // Nobody took it: before kept is closed, reactor.adoptDatagramPort(kept.descriptor(), ...) goes on here.
 *     }
 * });
 * }</pre>
 *
 * What the kernel would not take by then is lost: {@code port.statistics().datagramsDropped()} counts it, 0 as a rule.
 */
public final class DescriptorSender {

    private DescriptorSender() {}

    /**
     * Connects, sends, and waits until the peer has them. The descriptors stay open and the caller's, who may close
     * them as soon as this returns: the peer has numbers of its own for the same sockets.
     *
     * @param path where the peer listens; 1 to 107 bytes
     * @param timeout how long at the most, above 0, for connecting and then for the answer. The thread blocks in
     *     connect(2) and poll(2)
     * @param descriptors 1 to 64 open descriptors; none is closed on exec for being sent
     * @throws SocketTimeoutException if the peer's backlog stayed full, or it neither answered nor closed: it may have
     *     them
     * @throws SyscallException ENOENT or ECONNREFUSED if nobody listens there, EACCES, EBADF for a descriptor that is
     *     not open, EPIPE or ECONNRESET if the peer closed without reading
     * @throws IOException if the peer refused them
     * @throws IllegalArgumentException if the path is empty, too long, or of another file system, for another number of
     *     descriptors, or for a timeout that is not above 0
     */
    public static void send(Path path, Duration timeout, int... descriptors) throws IOException {
        if (descriptors.length == 0 || descriptors.length > DescriptorMessage.MOST) {
            throw new IllegalArgumentException(
                    "1 to " + DescriptorMessage.MOST + " descriptors, not " + descriptors.length);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout above 0, not " + timeout);
        }
        var kernel = Kernels.current();
        try (var arena = Arena.ofConfined()) {
            var address = UnixAddress.of(path, arena);
            var type = Linux.SOCK_STREAM() | Linux.SOCK_CLOEXEC();
            var number = SyscallErrors.check("socket", kernel.socket(Linux.AF_UNIX(), type, 0));
            var fd = new FileDescriptor(kernel, number);
            try {
                // A connect that blocks while the backlog is full, since poll can't wait for room in one.
                new OptionCalls(fd, arena).set(SendTimeout.OPTION, timeout);
                int result;
                do {
                    // A time limit makes an interrupted connect the caller's to repeat (signal(7)).
                    result = kernel.connect(number, address, (int) address.byteSize());
                } while (result == -Linux.EINTR());
                connected(result, path);
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
            throw new SocketTimeoutException("the backlog of " + path + " stayed full");
        }
        SyscallErrors.check("connect", path, result);
    }

    private static void awaitAnswer(FileDescriptor fd, Path path, Duration timeout, Arena arena) throws IOException {
        if (!new Waiting(arena).within(timeout).untilReadable(fd)) {
            throw new SocketTimeoutException("no answer from " + path);
        }
        var answer = arena.allocate(JAVA_BYTE);
        // 0 is an end that the peer made after it had read: unix_release_sock of net/unix/af_unix.c resets otherwise.
        if (SyscallErrors.check("read", path, fd.read(answer, 1)) == 1
                && answer.get(JAVA_BYTE, 0) == DescriptorReceiver.NAK) {
            throw new IOException("the receiver at " + path + " refused the descriptors");
        }
    }
}
