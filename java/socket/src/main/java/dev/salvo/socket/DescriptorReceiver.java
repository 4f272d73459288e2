package dev.salvo.socket;

import static java.util.Objects.requireNonNull;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.internal.UnixAddress;
import dev.salvo.socket.internal.Waiting;
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
 * Takes descriptors that another process hands over, on a Unix stream socket in the file system: from a
 * {@link DescriptorSender}, from {@code socket.send_fds} of Python, from anything that sends SCM_RIGHTS (unix(7)).
 *
 * <p>The peer connects and sends one message: at least one byte, which is ignored, and 1 to 64 descriptors. It is
 * answered with one byte, ACK (6) for taken or NAK (21) for refused, which it may ignore, and the connection is closed.
 *
 * <p>It belongs to the thread that opened it.
 */
public final class DescriptorReceiver implements AutoCloseable {

    static final byte ACK = 6;
    static final byte NAK = 21;

    private static final int BACKLOG = 8;
    /** The owner may read and write; to connect is to write (unix(7), "Pathname socket ownership and permissions"). */
    private static final int MODE = 0600;

    private final Kernel kernel;
    private final FileDescriptor fd;
    private final Path path;
    /** The device and inode that are ours. They are no other file's while the socket is open, which holds the inode. */
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
     * @param path where; 1 to 107 bytes, and nothing there yet. It is made with mode 0600 less the umask
     * @return a receiver that belongs to the calling thread
     * @throws FileAlreadyExistsException if there is a file, be it a socket that a killed process left
     * @throws IOException if it can't be made: ENOENT or EACCES of the folder, EMFILE
     * @throws IllegalArgumentException if the path is empty, too long, or of another file system
     */
    public static DescriptorReceiver listen(Path path) throws IOException {
        var self = Kernels.current().geteuid();
        return listen(path, peer -> peer.uid() == self || peer.uid() == 0);
    }

    /**
     * Listens for peers that a rule trusts. The mode is 0600 all the same: for peers of other users widen it, with
     * {@link Files#setPosixFilePermissions}.
     *
     * @param path where; 1 to 107 bytes, and nothing there yet. It is made with mode 0600 less the umask
     * @param trusted asked by {@link #receive} for each peer, before anything is read of it
     * @return a receiver that belongs to the calling thread
     * @throws FileAlreadyExistsException if there is a file, be it a socket that a killed process left
     * @throws IOException if it can't be made: ENOENT or EACCES of the folder, EMFILE
     * @throws IllegalArgumentException if the path is empty, too long, or of another file system
     */
    public static DescriptorReceiver listen(Path path, Predicate<PeerCredentials> trusted) throws IOException {
        var kernel = Kernels.current();
        try (var arena = Arena.ofConfined()) {
            var address = UnixAddress.of(path, arena);
            var type = Linux.SOCK_STREAM() | Linux.SOCK_CLOEXEC() | Linux.SOCK_NONBLOCK();
            var number = SyscallErrors.check("socket", kernel.socket(Linux.AF_UNIX(), type, 0));
            var fd = new FileDescriptor(kernel, number);
            try {
                // Before bind, which gives its file the mode of the socket (unix_bind_bsd of net/unix/af_unix.c):
                // there is no moment with another one.
                SyscallErrors.check("fchmod", path, kernel.fchmod(number, MODE));
                bind(kernel.bind(number, address, (int) address.byteSize()), path);
                return listening(fd, path.toAbsolutePath(), trusted);
            } catch (IOException | RuntimeException e) {
                fd.close();
                throw e;
            }
        }
    }

    private static void bind(int result, Path path) throws IOException {
        if (result == -Linux.EADDRINUSE()) {
            throw new FileAlreadyExistsException(path.toString(), null,
                    "exists already; remove it if it is a socket on which nobody listens any more");
        }
        SyscallErrors.check("bind", path, result);
    }

    private static DescriptorReceiver listening(FileDescriptor fd, Path path, Predicate<PeerCredentials> trusted)
            throws IOException {
        try {
            SyscallErrors.check("listen", path, fd.kernel().listen(fd.number(), BACKLOG));
            return new DescriptorReceiver(fd, path, trusted);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /**
     * Waits for one peer to connect and takes its descriptors. They are closed on exec, and the caller's to close; for
     * instance {@link UdpSocket#adopt} takes them. If this throws, none was kept.
     *
     * @param timeout how long at the most, from the call to the descriptors; null for ever. The thread blocks in
     *     poll(2)
     * @return at least one, in the order in which they were sent; the numbers differ from those of the sender
     * @throws SocketTimeoutException if nobody connected, or one did and sent nothing
     * @throws EOFException if a peer closed without sending
     * @throws SyscallException EACCES if a peer is not trusted; it was not read from
     * @throws IOException if a peer sent no descriptors, more than 64, or more than this process may open. After any of
     *     these this can be called again, for the next peer
     */
    public List<Integer> receive(@Nullable Duration timeout) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var waiting = new Waiting(arena).within(timeout);
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

    private FileDescriptor accept(Waiting waiting) throws IOException {
        while (true) {
            var result = kernel.accept4(fd.number(), Linux.SOCK_CLOEXEC() | Linux.SOCK_NONBLOCK());
            if (result >= 0) {
                return new FileDescriptor(kernel, result);
            }
            if (result != -Linux.EAGAIN() && result != -Linux.EINTR()) {
                SyscallErrors.check("accept4", path, result);
            }
            if (!waiting.untilReadable(fd)) {
                throw new SocketTimeoutException("nobody connected to " + path);
            }
        }
    }

    private List<Integer> take(FileDescriptor connection, PeerCredentials peer, Waiting waiting, Arena arena)
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
        if (received.isEmpty() || message.isCut()) {
            received.forEach(kernel::close);
            answer(connection, NAK, arena);
            throw new IOException(peer + (message.isCut()
                    ? " sent more than " + DescriptorMessage.MOST + " descriptors, or more than this process may open"
                    : " sent no descriptors"));
        }
        answer(connection, ACK, arena);
        return received;
    }

    /** Whether it arrives is the peer's business: one that does not wait for an answer may be gone. */
    private static void answer(FileDescriptor connection, byte answer, Arena arena) {
        var message = DescriptorMessage.ofByte(answer, arena);
        connection.kernel().sendmsg(connection.number(), message, Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL());
    }

    private static Object fileKey(Path path) throws IOException {
        return requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
    }

    /**
     * Closes the socket and removes its file, unless another is there by now. A second call does nothing.
     *
     * @throws WrongThreadException if the caller is not the owner
     * @throws IOException if the file can't be removed; the socket is closed then too
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
            // Somebody else has removed it.
        } finally {
            fd.close();
        }
    }
}
