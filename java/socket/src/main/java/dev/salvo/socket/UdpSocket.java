package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.internal.Waiting;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;
import java.time.Duration;
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
    private final OptionCalls options;
    private final Addresses addresses;
    private final ErrorQueue errorQueue;
    private final SendRun sendRun;
    private final Waiting waiting;

    private UdpSocket(FileDescriptor fd, StandardProtocolFamily family) {
        this.fd = fd;
        this.family = family;
        this.options = new OptionCalls(fd, arena);
        var limits = new SegmentLimits(System::nanoTime);
        this.addresses = new Addresses(fd, options, limits, arena);
        this.waiting = new Waiting(arena);
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
     * flags, which it may share with other processes, stay as they are, and so does its peer if it is connected.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a socket that belongs to the calling thread
     * @throws SyscallException EBADF if it is not open, ENOTSOCK if it is no socket, EAFNOSUPPORT if its family is
     *     neither INET nor INET6, EPROTOTYPE if it is not SOCK_DGRAM (TCP), EPROTONOSUPPORT if it is not UDP (a ping
     *     socket, UDP-Lite), asked in this order; the descriptor is still the caller's then
     */
    public static UdpSocket adopt(int descriptor) throws SyscallException {
        var fd = new FileDescriptor(Kernels.current(), descriptor);
        return new UdpSocket(fd, Adoption.familyOf(fd, descriptor));
    }

    /**
     * Adopts a duplicate of a descriptor, closed on exec; the descriptor itself stays the caller's, to use and to
     * close. Both are the same socket: they share its address, peer, options, flags and what is received.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a socket that belongs to the calling thread
     * @throws SyscallException as {@link #adopt}; EMFILE if there are too many
     */
    public static UdpSocket adoptDuplicate(int descriptor) throws SyscallException {
        var fd = Adoption.duplicate(Kernels.current(), descriptor);
        try {
            return new UdpSocket(fd, Adoption.familyOf(fd, descriptor));
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Binds the socket to a local address.
     *
     * @param address port 0 lets the kernel choose one
     * @throws SyscallException EADDRINUSE, EADDRNOTAVAIL, or EACCES for a port below ip_unprivileged_port_start
     */
    public void bind(SockAddr address) throws SyscallException {
        addresses.bind(address);
    }

    /**
     * Connects the socket: from now on it sends to this peer by default, and receives from it alone. What others sent
     * before is still delivered, and {@link #nextError} may still tell of others. Without RECVERR a batch swallows most
     * ICMP errors.
     *
     * <p>To another peer: {@link #disconnect} first where the way to it may differ, since the local address that the
     * kernel chose for the first one stays. If this fails, a former peer stays; an unbound socket has a port then.
     *
     * @param peer where to
     * @throws SyscallException ENETUNREACH and its kin if there is no route, EACCES for a broadcast address without
     *     BROADCAST, EAFNOSUPPORT for an IPv6 peer of an INET socket
     * @throws IllegalArgumentException if its port is 0, which the kernel would take for half a peer
     */
    public void connect(SockAddr peer) throws SyscallException {
        addresses.connect(peer);
    }

    /**
     * Disconnects the socket, which then receives from everyone again; if it is not connected, does nothing. It keeps
     * its port, its device and the address that it was bound to, be it the wildcard. Linux takes the device away, and a
     * port that it chose itself; they are asked for again at once, but what arrives in between is lost.
     *
     * @throws SyscallException EADDRINUSE if another took the port, EPERM if the device is not given again: the message
     *     tells what is lost; the socket is open, unconnected, and may have no port
     */
    public void disconnect() throws SyscallException {
        addresses.disconnect();
    }

    /**
     * {@return the peer that the socket is connected to, asked of the kernel at each call; null if there is none}
     *
     * @throws SyscallException ENOBUFS
     */
    public @Nullable SockAddr peerAddress() throws SyscallException {
        return addresses.peer();
    }

    /**
     * {@return the address that the socket is bound to, asked of the kernel at each call; port 0 if it is not bound}
     *
     * @throws SyscallException ENOBUFS
     */
    public SockAddr localAddress() throws SyscallException {
        return addresses.local();
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
     * The oldest ICMP error that {@link #drainErrors}, or a {@link #send} between its system calls, has read off the
     * error queue. There are some only where RECVERR is on, at both levels for an INET6 socket that sends to IPv4 too.
     * Makes no system call.
     *
     * @return null if there is none; up to 256 are kept for this, those beyond are dropped and counted
     */
    public @Nullable SocketError nextError() {
        return errorQueue.next();
    }

    /**
     * The oldest transmit timestamp or zerocopy completion that was read off the error queue, as {@link #nextError} has
     * the ICMP errors. There are some only of what was sent with one. Makes no system call.
     *
     * @return null if there is none; up to 256 are kept for this, those beyond are dropped and counted
     */
    public @Nullable Completion nextCompletion() {
        return errorQueue.nextCompletion();
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
        return waiting.within(timeout).untilReadable(fd);
    }

    /** {@return the address family, INET or INET6} */
    public StandardProtocolFamily family() {
        return family;
    }

    /** {@return the number of the descriptor, for what this class does not have; valid until {@link #close}} */
    public int descriptor() {
        return fd.number();
    }

    FileDescriptor fileDescriptor() {
        return fd;
    }

    /** {@return what the socket has done so far, a snapshot} */
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
