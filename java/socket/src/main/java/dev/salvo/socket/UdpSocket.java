package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.pollfd;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket: one descriptor and its system calls. Batches are apart from it, so that sockets can share them.
 *
 * <p>It never blocks, except in {@link #awaitReadable}: an opened one is non-blocking, and every call on an adopted one
 * carries MSG_DONTWAIT, whatever the program that shares the descriptor does to its flags. No option is set that was
 * not asked for.
 *
 * <p>It belongs to the thread that opened it. Nothing closes it but {@link #close}.
 */
public final class UdpSocket implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final FileDescriptor fd;
    private final StandardProtocolFamily family;
    private final Counters counters = new Counters();
    /** Where an address or a pollfd is passed, and the length of the address. */
    private final MemorySegment scratch = arena.allocate(SockAddr.ROOM, Long.BYTES);

    private final MemorySegment scratchLength = arena.allocate(JAVA_INT);
    private final OptionCalls options;
    private final ErrorQueue errorQueue;
    private final SegmentLimits limits = new SegmentLimits(System::nanoTime);
    private final SendRun sendRun;

    private UdpSocket(FileDescriptor fd, StandardProtocolFamily family) {
        this.fd = fd;
        this.family = family;
        this.options = new OptionCalls(fd, arena);
        this.errorQueue = new ErrorQueue(fd, counters, options, arena);
        this.sendRun = new SendRun(fd, counters, errorQueue, limits, options.has(UdpOptions.SEGMENT));
    }

    /**
     * Opens a socket, non-blocking and closed on exec.
     *
     * @param family INET or INET6; an INET6 socket that is bound to {@code ::} gets IPv4 too unless V6ONLY is set
     * @return an unbound socket that belongs to the calling thread
     * @throws SyscallException EMFILE or ENFILE if there are too many, EAFNOSUPPORT if the kernel lacks the family
     * @throws IllegalArgumentException if {@code family} is UNIX
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     */
    public static UdpSocket open(StandardProtocolFamily family) throws SyscallException {
        var kernel = Kernels.current();
        var number = switch (family) {
            case INET -> Linux.AF_INET();
            case INET6 -> Linux.AF_INET6();
            case UNIX -> throw new IllegalArgumentException("no UDP over " + family);
        };
        var type = Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC() | Linux.SOCK_NONBLOCK();
        var fd = SyscallErrors.check("socket", kernel.socket(number, type, Linux.IPPROTO_UDP()));
        return new UdpSocket(new FileDescriptor(kernel, fd), family);
    }

    /**
     * Takes ownership of a descriptor: it is closed with this socket, and must not be used otherwise. Its options and
     * flags, which it may share with other processes, stay as they are.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a socket that belongs to the calling thread
     * @throws SyscallException EBADF if it is not open, ENOTSOCK if it is no socket, EPROTONOSUPPORT if it is not UDP;
     *     the descriptor is still the caller's then
     */
    public static UdpSocket adopt(int descriptor) throws SyscallException {
        var kernel = Kernels.current();
        var fd = new FileDescriptor(kernel, descriptor);
        try (var arena = Arena.ofConfined()) {
            var asked = new OptionCalls(fd, arena);
            var domain = asked.get(SocketOptions.DOMAIN);
            if (asked.get(SocketOptions.PROTOCOL) != Linux.IPPROTO_UDP()) {
                throw new SyscallException("adopt", descriptor, Linux.EPROTONOSUPPORT());
            }
            var family = domain == Linux.AF_INET6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
            return new UdpSocket(fd, family);
        }
    }

    /**
     * Binds the socket to a local address.
     *
     * @param address port 0 lets the kernel choose one
     * @throws SyscallException EADDRINUSE, EADDRNOTAVAIL, or EACCES for a port below ip_unprivileged_port_start
     */
    public void bind(SockAddr address) throws SyscallException {
        var length = address.requireValid().store(scratch, 0);
        SyscallErrors.check("bind", address, fd.kernel().bind(fd.number(), scratch, length));
    }

    /**
     * Connects the socket: from now on it sends to this peer by default, and receives from it alone. What others sent
     * before is still delivered.
     *
     * @param peer where to
     * @throws SyscallException ENETUNREACH and its kin if there is no route
     */
    public void connect(SockAddr peer) throws SyscallException {
        var length = peer.requireValid().store(scratch, 0);
        SyscallErrors.check("connect", peer, fd.kernel().connect(fd.number(), scratch, length));
        limits.clear();
    }

    /**
     * Receives into a batch, without waiting; {@link ReceiveBatch#next} then walks the datagrams.
     *
     * @param batch what it held is gone
     * @return how many messages came, 0 if none is there; a full batch means that there may be more
     * @throws SyscallException a pending error, ECONNREFUSED for instance on a connected socket; it is cleared by that
     */
    public int receive(ReceiveBatch batch) throws SyscallException {
        return receive(batch, batch.slots());
    }

    /**
     * Receives into a batch, without waiting, no more than so many messages.
     *
     * @param batch what it held is gone
     * @param maxMessages at least 1; more than the batch has slots is as many as it has
     * @return how many messages came, 0 if none is there
     * @throws IllegalArgumentException if {@code maxMessages} is below 1
     * @throws SyscallException a pending error, ECONNREFUSED for instance on a connected socket; it is cleared by that
     */
    public int receive(ReceiveBatch batch, int maxMessages) throws SyscallException {
        var result = batch.receive(fd, maxMessages, counters);
        return result == -Linux.EAGAIN() ? 0 : SyscallErrors.check("recvmmsg", result);
    }

    /**
     * Sends a batch, without waiting. A datagram that the kernel refuses for a reason of its own does not stop the
     * others: {@link SendBatch#failures} has it. Nothing is sent twice, and nothing is lost but what failed.
     *
     * @param batch what is still pending when this returns waits for what {@link SendBatch#stoppedBy} says
     * @return how many datagrams are done: sent, or failed
     */
    public int send(SendBatch batch) {
        return sendRun.send(batch);
    }

    /**
     * Empties the error queue, up to 256 entries at a time, and clears the pending error. To be called when epoll
     * reports EPOLLERR, which it does for as long as the queue holds anything.
     *
     * @return the errno that was pending, 0 for none
     */
    public int drainErrors() {
        var atTheLimit = errorQueue.drain();
        return atTheLimit != 0 ? atTheLimit : options.takePendingError();
    }

    /**
     * Reads an option.
     *
     * @param option one of the rows in {@code dev.salvo.socket.option}, or another
     * @param <T> the type of its value
     * @return its value, as the kernel tells it: SO_RCVBUF is twice what was set
     * @throws SyscallException ENOPROTOOPT if the kernel does not have it
     */
    public <T> T get(SockOpt<T> option) throws SyscallException {
        return options.get(option);
    }

    /**
     * Sets an option.
     *
     * @param option one of the rows in {@code dev.salvo.socket.option}, or another
     * @param value its value
     * @param <T> the type of its value
     * @throws SyscallException ENOPROTOOPT if the kernel does not have it, EINVAL for a value out of range, EPERM
     */
    public <T> void set(SockOpt<T> option, T value) throws SyscallException {
        options.set(option, value);
    }

    /**
     * Waits until there is something to receive, or a pending error, or an entry in the error queue: where RECVERR is
     * on, call {@link #drainErrors} too, or this returns at once for ever.
     *
     * @param timeout how long at the most, in whole milliseconds rounded up; null for ever. The thread blocks in
     *     poll(2)
     * @return false if the time ran out
     * @throws SyscallException ENOMEM
     */
    public boolean awaitReadable(@Nullable Duration timeout) throws SyscallException {
        // What is more than 292 years becomes 292: Duration.toNanos would throw.
        var deadline = timeout == null ? 0 : System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        scratch.set(JAVA_SHORT, pollfd.events$offset(), (short) Linux.POLLIN());
        while (true) {
            var left = timeout == null ? -1 : Math.max(0, deadline - System.nanoTime());
            var millis = left < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(left, 1_000_000));
            scratch.set(JAVA_INT, pollfd.fd$offset(), fd.number());
            var ready = fd.kernel().poll(scratch, 1, millis);
            if (ready > 0 || (ready == 0 && left == 0)) {
                return ready > 0;
            }
            if (ready < 0 && ready != -Linux.EINTR()) {
                SyscallErrors.check("poll", ready);
            }
        }
    }

    /**
     * The address that the socket is bound to.
     *
     * @return asked of the kernel at each call; port 0 if it is not bound
     * @throws SyscallException ENOBUFS
     */
    public SockAddr localAddress() throws SyscallException {
        scratchLength.set(JAVA_INT, 0, SockAddr.ROOM);
        SyscallErrors.check("getsockname", fd.kernel().getsockname(fd.number(), scratch, scratchLength));
        return SockAddr.read(scratch, 0);
    }

    /**
     * The address family.
     *
     * @return INET or INET6
     */
    public StandardProtocolFamily family() {
        return family;
    }

    /**
     * The number of the descriptor, for what this class does not have. It stays this socket's to close.
     *
     * @return a number that is valid until {@link #close}
     */
    public int descriptor() {
        return fd.number();
    }

    FileDescriptor fileDescriptor() {
        return fd;
    }

    /**
     * What the socket has done so far.
     *
     * @return a snapshot
     */
    public SocketStatistics statistics() {
        return counters.snapshot(options.packetDrops());
    }

    /** Whether {@link #close} has not been called. */
    boolean isOpen() {
        return fd.isOpen();
    }

    /**
     * Closes the descriptor. A second call does nothing. Remove the socket from its {@link EpollPoller} first: another
     * descriptor of the same socket would keep it reporting.
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    @Override
    public void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
