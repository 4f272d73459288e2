package dev.salvo.socket.handover;

import static java.util.Objects.requireNonNull;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.descriptor.PollWait;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.unix.DescriptorMessage;
import dev.salvo.socket.internal.unix.UnixAddress;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketTimeoutException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Receives descriptors from another process over a Unix stream socket in the file system. The other process may use a
 * {@link DescriptorSender}, {@code socket.send_fds} of Python, or anything else that sends SCM_RIGHTS (unix(7)).
 *
 * <p>
 * The peer connects and sends one message: at least one byte, which is ignored, and 1 to 64 descriptors. The receiver
 * answers with one byte, ACK (6) if it takes the descriptors or NAK (21) if it refuses them, and closes the connection.
 * The peer may ignore the answer.
 *
 * <p>
 * A receiver belongs to the thread that opened it.
 */
public final class DescriptorReceiver implements AutoCloseable {

    static final byte ACK = 6;
    static final byte NAK = 21;

    private static final int BACKLOG = 8;
    /**
     * The owner may read and write. Connecting takes write permission (unix(7), "Pathname socket ownership and
     * permissions").
     */
    private static final int MODE = 0600;

    private final Kernel kernel;
    private final FileDescriptor fd;
    private final Path path;
    /**
     * The device and inode of the socket's file. No other file can have them while the socket is open, since it holds
     * the inode.
     */
    private final Object file;
    private final Predicate<PeerCredentials> trusted;

    private DescriptorReceiver(FileDescriptor fd, Path path, Predicate<PeerCredentials> trusted) throws IOException {
        this.kernel = fd.kernel();
        this.fd = fd;
        this.path = path;
        this.file = fileKey(path);
        this.trusted = trusted;
    }

    /**
     * Listens for peers that run as the same user as this process, or as root.
     *
     * @param path where to listen: 1 to 107 bytes. No file may exist there; one is created with mode 0600 less the
     *     umask
     * @return a receiver that belongs to the calling thread
     * @throws FileAlreadyExistsException if a file exists there, for instance the socket of a process that was killed
     * @throws IOException if the socket can't be created: ENOENT or EACCES for its directory, or EMFILE
     * @throws IllegalArgumentException if the path is empty, too long, or not of the default file system
     */
    public static DescriptorReceiver listen(Path path) throws IOException {
        return listen(path, PeerCredentials.sameUserOrRoot(Kernels.current()));
    }

    /**
     * Listens for peers that a rule trusts. The rule does not change the mode of the file: for peers of other users,
     * widen it with {@link Files#setPosixFilePermissions}.
     *
     * @param path where to listen: 1 to 107 bytes. No file may exist there; one is created with mode 0600 less the
     *     umask
     * @param trusted called by {@link #receive} for each peer, before anything is read from it
     * @return a receiver that belongs to the calling thread
     * @throws FileAlreadyExistsException if a file exists there, for instance the socket of a process that was killed
     * @throws IOException if the socket can't be created: ENOENT or EACCES for its directory, or EMFILE
     * @throws IllegalArgumentException if the path is empty, too long, or not of the default file system
     */
    public static DescriptorReceiver listen(Path path, Predicate<PeerCredentials> trusted) throws IOException {
        var kernel = Kernels.current();
        try (var arena = Arena.ofConfined()) {
            var address = UnixAddress.of(path, arena);
            var type = Linux.SOCK_STREAM() | Linux.SOCK_CLOEXEC() | Linux.SOCK_NONBLOCK();
            var number = SyscallErrors.check("socket", kernel.socket(Linux.AF_UNIX(), type, 0));
            var fd = new FileDescriptor(kernel, number);
            var bound = false;
            try {
                // Before bind, which gives its file the mode of the socket (unix_bind_bsd of net/unix/af_unix.c), so
                // that the file never has another mode.
                SyscallErrors.check("fchmod", path, kernel.fchmod(number, MODE));
                bind(kernel.bind(number, address, (int) address.byteSize()), path);
                bound = true;
                SyscallErrors.check("listen", path, kernel.listen(number, BACKLOG));
                return new DescriptorReceiver(fd, path.toAbsolutePath(), trusted);
            } catch (IOException | RuntimeException e) {
                fd.close();
                if (bound) {
                    Files.deleteIfExists(path);
                }
                throw e;
            }
        }
    }

    private static void bind(int result, Path path) throws IOException {
        if (result == -Linux.EADDRINUSE()) {
            throw new FileAlreadyExistsException(path.toString(), null,
                    "already exists; remove it if it is a socket that no process listens on any more");
        }
        SyscallErrors.check("bind", path, result);
    }

    /**
     * Waits for one peer to connect, and takes its descriptors. They are closed on exec. The caller must close them, or
     * pass them on, for instance to {@link dev.salvo.socket.UdpSocket#adopt}. If this throws, no descriptor stays open.
     *
     * @param timeout the longest time to wait until the descriptors have arrived; null waits for ever. The thread
     *     blocks in poll(2)
     * @return at least one descriptor, in the order in which they were sent. The numbers differ from those of the
     * sender
     * @throws IllegalStateException on a virtual thread, unless {@code timeout} is 0 or less: the wait would hold its
     *     carrier thread
     * @throws SocketTimeoutException if no peer connected in time, or a peer connected and sent nothing
     * @throws EOFException if a peer closed the connection without sending
     * @throws SyscallException EACCES if a peer is not trusted; nothing was read from it
     * @throws IOException if a peer sent no descriptors, more than 64, or more than this process may open. After any of
     *     these exceptions this can be called again, for the next peer
     */
    public List<Integer> receive(@Nullable Duration timeout) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var waiting = new PollWait(arena).within(timeout);
            var connection = accept(waiting);
            try {
                var peer = new OptionCalls(connection, arena).get(PeerCredentials.PEERCRED);
                if (!trusted.test(peer)) {
                    throw new SyscallException("receive", peer, Linux.EACCES());
                }
                return take(connection, peer, waiting, arena);
            } finally {
                connection.close();
            }
        }
    }

    private FileDescriptor accept(PollWait waiting) throws IOException {
        while (true) {
            var result = kernel.accept4(fd.number(), Linux.SOCK_CLOEXEC() | Linux.SOCK_NONBLOCK());
            if (result >= 0) {
                return new FileDescriptor(kernel, result);
            }
            if (result != -Linux.EAGAIN() && result != -Linux.EINTR()) {
                SyscallErrors.check("accept4", path, result);
            }
            if (!waiting.untilReadable(fd)) {
                throw new SocketTimeoutException("no peer connected to " + path + " in time");
            }
        }
    }

    private List<Integer> take(FileDescriptor connection, PeerCredentials peer, PollWait waiting, Arena arena)
            throws IOException {
        var message = new DescriptorMessage(arena);
        long length;
        do {
            if (!waiting.untilReadable(connection)) {
                throw new SocketTimeoutException(peer + " connected to " + path + " and sent nothing");
            }
            length = connection.recvmsg(message.toReceive(), Linux.MSG_CMSG_CLOEXEC() | Linux.MSG_DONTWAIT());
        } while (length == -Linux.EAGAIN());
        if (SyscallErrors.check("recvmsg", path, length) == 0) {
            throw new EOFException(peer + " connected to " + path + " and closed without sending");
        }
        var received = message.descriptors();
        if (received.isEmpty() || message.isTruncated()) {
            received.forEach(kernel::close);
            answer(connection, NAK, arena);
            throw new IOException(peer + (message.isTruncated()
                    ? " sent more than " + DescriptorMessage.MOST + " descriptors, or more than this process may open"
                    : " sent no descriptors"));
        }
        answer(connection, ACK, arena);
        return received;
    }

    /** A failure is ignored, since a peer that does not wait for the answer may be gone. */
    private static void answer(FileDescriptor connection, byte answer, Arena arena) {
        var message = new DescriptorMessage(arena).toSend(answer);
        connection.kernel().sendmsg(connection.number(), message, Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL());
    }

    private static Object fileKey(Path path) throws IOException {
        return requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
    }

    /**
     * Closes the socket and removes its file, unless the path names another file by now. A second call does nothing.
     *
     * @throws WrongThreadException if the caller is not the owner
     * @throws IOException if the file can't be removed; the socket is closed all the same
     */
    @Override
    public void close() throws IOException {
        fd.requireOwner();
        if (!fd.isOpen()) {
            return;
        }
        try {
            if (file.equals(fileKey(path))) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // It was removed already.
        } finally {
            fd.close();
        }
    }
}
