package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.Binding;
import dev.salvo.socket.internal.descriptor.ErrorQueue;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.descriptor.PollWait;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.descriptor.UdpDescriptors;
import dev.salvo.socket.internal.observe.Counters;
import dev.salvo.socket.internal.observe.SocketEvents;
import dev.salvo.socket.internal.send.BatchSender;
import dev.salvo.socket.internal.send.DirectSend;
import dev.salvo.socket.internal.send.Outbox;
import dev.salvo.socket.internal.send.SegmentLimits;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket: one descriptor and its system calls. Batches are objects of their own, so that sockets can share them.
 *
 * <p>
 * Only {@link #awaitReadable} blocks. An opened socket is non-blocking. An adopted one may be blocking, and other
 * programs that share the descriptor may change that. So every send and receive carries MSG_DONTWAIT. No option is set
 * unless the program asks for it.
 *
 * <p>
 * A socket belongs to the thread that opened it, or to the holder of the lock that it was opened with: a call from
 * another thread throws WrongThreadException. Only {@link #close} closes it.
 */
public final class UdpSocket implements AutoCloseable {

    private final Arena arena;
    private final FileDescriptor fd;
    private final StandardProtocolFamily family;
    private final Counters counters = new Counters();
    private final OptionCalls options;
    private final Binding binding;
    private final SegmentLimits limits = new SegmentLimits(System::nanoTime);
    private final ErrorQueue<SocketError, TransmitTimestamp> errorQueue;
    private final BatchSender sender;
    private final PollWait pollWait;
    /** Null until the first datagram is sent by itself. */
    private @Nullable DirectSend directSend;

    private UdpSocket(FileDescriptor fd, StandardProtocolFamily family, Owner owner) {
        this.arena = owner.arena();
        this.fd = fd;
        this.family = family;
        options = new OptionCalls(fd, arena);
        binding = new Binding(fd, options, arena);
        pollWait = new PollWait(arena);
        errorQueue = new ErrorQueue<>(fd, counters, options, arena, SocketError::of, TransmitTimestamp::of);
        sender = new BatchSender(fd, counters, errorQueue, limits, options.getOr(UdpOptions.SEGMENT, -1));
    }

    /**
     * Opens a socket, non-blocking and closed on exec.
     *
     * @param family INET or INET6; an INET6 socket that is bound to {@code ::} receives IPv4, too, unless V6ONLY is set
     * @return an unbound socket that belongs to the calling thread
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors, EAFNOSUPPORT if the kernel does not
     *     support the family
     * @throws IllegalArgumentException if {@code family} is UNIX
     * @throws UnsupportedOperationException if Salvo cannot run on this machine or this JVM; the message says what to
     *     do
     */
    public static UdpSocket open(StandardProtocolFamily family) throws SyscallException {
        return open(family, Owner.currentThread());
    }

    /**
     * Opens a socket that any thread may use while it holds a lock.
     *
     * @param family as {@link #open(StandardProtocolFamily)}
     * @param lock whoever holds it is the owner of the socket. The batches that the socket is used with belong to the
     *     holder of a lock, too, most simply of the same one
     * @return an unbound socket
     * @throws SyscallException as {@link #open(StandardProtocolFamily)}
     */
    public static UdpSocket open(StandardProtocolFamily family, ReentrantLock lock) throws SyscallException {
        return open(family, Owner.holderOf(lock));
    }

    private static UdpSocket open(StandardProtocolFamily family, Owner owner) throws SyscallException {
        var fd = UdpDescriptors.open(Kernels.current(), family, Linux.SOCK_NONBLOCK(), owner);
        return new UdpSocket(fd, family, owner);
    }

    /**
     * Takes ownership of a descriptor: it is closed with this socket. The program must neither close it nor adopt it
     * again. It may use it for calls that this class does not have: see {@link #descriptor}. The options and flags of
     * the socket, which other processes may share, stay as they are. If the socket is connected, it keeps its peer.
     *
     * <p>
     * A UDP_SEGMENT that the socket has now does not split what is sent by this class: each message overrides it. If
     * another holder sets it later, or begins a datagram with UDP_CORK or MSG_MORE, the kernel splits or joins what
     * this class sends, and reports nothing of that. If RECVERR is on, {@link #send} may turn it off for a few calls,
     * as described there, for all holders: their ICMP errors of that time are lost.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a socket that belongs to the calling thread
     * @throws SyscallException EBADF if the descriptor is not open, ENOTSOCK if it is not a socket, EAFNOSUPPORT if its
     *     family is neither INET nor INET6, EPROTOTYPE if its type is not SOCK_DGRAM (TCP), EPROTONOSUPPORT if its
     *     protocol is not UDP (a ping socket, UDP-Lite), EBUSY if UDP_CORK is on or a datagram that was begun with
     *     MSG_MORE is not yet ended: whatever is sent would become a part of that datagram, and go to its destination;
     *     checked in this order. On failure the caller keeps ownership of the descriptor
     */
    public static UdpSocket adopt(int descriptor) throws SyscallException {
        return adopt(descriptor, Owner.currentThread());
    }

    /**
     * Takes ownership of a descriptor, for a socket that any thread may use while it holds a lock.
     *
     * @param descriptor as {@link #adopt(int)}
     * @param lock whoever holds it is the owner of the socket; the caller has to hold it now
     * @return a socket
     * @throws SyscallException as {@link #adopt(int)}
     * @throws WrongThreadException if the caller does not hold the lock
     */
    public static UdpSocket adopt(int descriptor, ReentrantLock lock) throws SyscallException {
        return adopt(descriptor, Owner.holderOf(lock));
    }

    private static UdpSocket adopt(int descriptor, Owner owner) throws SyscallException {
        return adopted(new FileDescriptor(Kernels.current(), descriptor, owner), descriptor, owner);
    }

    private static UdpSocket adopted(FileDescriptor fd, int descriptor, Owner owner) throws SyscallException {
        var socket = new UdpSocket(fd, UdpDescriptors.usable(fd, descriptor), owner);
        socket.counters.startAfter(Math.max(0, socket.options.packetDrops()));
        return socket;
    }

    /**
     * Adopts a duplicate of a descriptor, which is closed on exec. The caller keeps the descriptor itself, may use it,
     * and has to close it. Both are the same socket: they share its address, peer, options, flags and received
     * datagrams.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a socket that belongs to the calling thread
     * @throws SyscallException as {@link #adopt}; EMFILE if there are too many descriptors
     */
    public static UdpSocket adoptDuplicate(int descriptor) throws SyscallException {
        var owner = Owner.currentThread();
        var fd = UdpDescriptors.duplicate(Kernels.current(), descriptor, owner);
        try {
            return adopted(fd, descriptor, owner);
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Binds the socket to a local address.
     *
     * @param address the local address; with port 0 the kernel chooses a port. An INET6 socket binds an IPv4 address in
     *     its IPv4-mapped form, and then serves IPv4 only
     * @throws SyscallException EADDRINUSE, EADDRNOTAVAIL, or EACCES for a port below ip_unprivileged_port_start
     */
    public void bind(SockAddr address) throws SyscallException {
        binding.bind(family == StandardProtocolFamily.INET6 ? address.toIpv4Mapped() : address);
    }

    /**
     * Connects the socket: from now on it sends to this peer by default, and receives only from it. Datagrams that
     * others sent before are still delivered, and {@link #nextError} may still return errors about other destinations.
     *
     * <p>
     * Without RECVERR, most ICMP errors are lost while the program sends. sendmmsg reports a pending ICMP error only if
     * its first message fails, and {@link #send} then tries that message again.
     *
     * <p>
     * To change the peer, {@link #disconnect} first if the route to the new one may be different: otherwise the local
     * address that the kernel chose for the first peer stays. If this method fails, the socket keeps its former peer,
     * if it has one; a socket that was unbound has a port then.
     *
     * @param peer the address to connect to
     * @throws SyscallException ENETUNREACH and similar if there is no route, EACCES for a broadcast address without
     *     BROADCAST, EAFNOSUPPORT for an IPv6 peer of an INET socket
     * @throws IllegalArgumentException if the peer's port is 0, with which the kernel would connect the socket only in
     *     part
     */
    public void connect(SockAddr peer) throws SyscallException {
        binding.connect(peer);
        // Another peer may mean another path.
        limits.clear();
    }

    /**
     * Disconnects the socket, which then sends to everyone. An INET socket receives from everyone again. Does nothing
     * if the socket is not connected. The socket keeps its port, its device, and the address that it was bound to, even
     * if that is the wildcard.
     *
     * <p>
     * An INET6 socket stays deaf: of IPv6 datagrams, also of those to groups, it receives those from the address of its
     * former peer alone, and none if that was IPv4-mapped. For Linux forgets the peer of inet_daddr (__udp_disconnect
     * of net/ipv4/udp.c), and goes on comparing sk_v6_daddr (compute_score and __udp_v6_is_mcast_sock of
     * net/ipv6/udp.c). No call clears that, so a program that wants to hear others has to open another socket. Another
     * {@link #connect} works.
     *
     * <p>
     * Linux itself takes away the device, and a port that the kernel has chosen. This method restores both at once, but
     * datagrams that arrive in between are lost.
     *
     * @throws SyscallException EADDRINUSE if another socket has taken the port, EPERM if the kernel does not allow the
     *     device again. The message says what is lost. The socket is still open, not connected, and may have no port
     */
    public void disconnect() throws SyscallException {
        try {
            binding.disconnect();
        } finally {
            limits.clear();
        }
    }

    /**
     * {@return the peer that the socket is connected to, which the kernel is asked for at each call; null if there is
     * none}
     *
     * @throws SyscallException ENOBUFS if the kernel lacks memory
     */
    public @Nullable SockAddr peerAddress() throws SyscallException {
        var peer = binding.peer();
        return peer == null ? null : SockAddr.of(peer);
    }

    /**
     * {@return the address that the socket is bound to, which the kernel is asked for at each call; its port is 0 if
     * the socket is not bound}
     *
     * @throws SyscallException ENOBUFS if the kernel lacks memory
     */
    public SockAddr localAddress() throws SyscallException {
        return SockAddr.of(binding.local());
    }

    /**
     * Receives into a batch, without waiting. {@link ReceiveBatch#next} then walks the datagrams.
     *
     * @param batch the batch to receive into; its earlier datagrams are gone
     * @return how many messages were received; 0 if there were none. If the result equals {@link ReceiveBatch#slots},
     * there may be more. A smaller result means that the socket was empty, or that an error became pending meanwhile,
     * which the next call throws
     * @throws SyscallException the pending error of the socket, for instance ECONNREFUSED on a connected socket; this
     *     clears it. ESHUTDOWN if {@link #awaitReadable} returned because another holder of the socket has shut it
     *     down, and nothing was there to receive: the kernel reports such a socket as readable for ever. Datagrams may
     *     still arrive, since UDP does not regard the shutdown when it queues them
     */
    public int receive(ReceiveBatch batch) throws SyscallException {
        return receive(batch, batch.slots());
    }

    /**
     * Receives a limited number of messages into a batch, without waiting.
     *
     * @param batch the batch to receive into; its earlier datagrams are gone
     * @param maxMessages at least 1; a number above that of the batch's slots means all slots
     * @return how many messages were received; 0 if there were none
     * @throws IllegalArgumentException if {@code maxMessages} is below 1
     * @throws SyscallException as {@link #receive(ReceiveBatch)}
     */
    public int receive(ReceiveBatch batch, int maxMessages) throws SyscallException {
        var result = batch.receive(fd, maxMessages, counters);
        if (result != -Linux.EAGAIN()) {
            return SyscallErrors.check("recvmmsg", result);
        }
        if (pollWait.foundHangup()) {
            throw new SyscallException("recvmmsg", "on a socket that another holder has shut down", Errno.ESHUTDOWN);
        }
        return 0;
    }

    /**
     * Sends a batch, without waiting. If the kernel refuses a datagram because of the datagram itself, the others are
     * sent all the same, and {@link SendBatch#failures} lists the refused one. Salvo itself loses no datagram: each one
     * was taken by the kernel, has failed, or is still pending.
     *
     * <p>
     * A datagram that the kernel has taken counts as sent, even if it is dropped later. Without RECVERR, that includes
     * a datagram that a full queueing discipline of this host drops, because Linux then reports success in place of
     * ENOBUFS (udp_send_skb of net/ipv4/udp.c). With RECVERR the send stops with ENOBUFS instead.
     *
     * <p>
     * An ICMP error that is pending fails the next datagram, whatever its destination. Salvo finds out whether an error
     * is a datagram's own. If ICMP errors keep coming, RECVERR is turned off for that, for a few calls. ICMP errors and
     * transmit timestamps that come meanwhile are lost.
     *
     * <p>
     * No datagram is sent to the network twice. But local listeners may receive a multicast or broadcast datagram more
     * than once: the kernel gives them a copy before the output to the network fails (ip_mc_output of
     * net/ipv4/ip_output.c), and another one when the datagram is tried again after the error.
     *
     * @param batch the batch to send. If datagrams are still pending when this returns, {@link SendBatch#stoppedBy}
     *     says when to send it again
     * @return how many datagrams are no longer pending, because they were sent or have failed
     */
    public int send(SendBatch batch) {
        return sender.send(batch.outbox());
    }

    /**
     * Sends one datagram by one sendto(2), without waiting. Where {@link #send(SendBatch)} finds out whose an error is,
     * this method reports what the kernel answers: an ICMP error that is pending fails the datagram, whatever its
     * destination, and is cleared.
     *
     * @param payload the bytes from its position to its limit, which do not change: 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the kernel accepts no more now (EAGAIN): try again when the socket is writable
     * @throws SyscallException the error of the call, or of an earlier datagram: ECONNREFUSED and others of a connected
     *     socket; EMSGSIZE, ENETUNREACH, EACCES, EPERM, EINVAL and others of this datagram; ENOBUFS or ENOMEM if the
     *     kernel lacks memory. Nothing was sent
     * @throws IllegalArgumentException if there are more than 65,535 bytes
     */
    public boolean send(ByteBuffer payload, @Nullable SockAddr destination) throws SyscallException {
        if (payload.remaining() > Outbox.MAX_DATAGRAM) {
            throw new IllegalArgumentException("a datagram has at most 65,535 bytes, not " + payload.remaining());
        }
        var to = SockAddr.orNone(destination);
        var direct = directSend;
        if (direct == null) {
            fd.requireOwner();
            direct = new DirectSend(fd, counters, arena);
            directSend = direct;
        }
        var event = SocketEvents.flushing(counters);
        var result = direct.send(payload, to);
        if (event != null) {
            SocketEvents.flushed(event, fd, counters, result == 0 ? 0 : -result);
        }
        if (result == 0 || result == -Linux.EAGAIN()) {
            return result == 0;
        }
        throw new SyscallException("sendto",
                "of " + payload.remaining() + " bytes to " + (destination == null ? "the peer" : destination), -result);
    }

    /**
     * Returns and forgets the ICMP error that was pending when a {@link #send} began, or became pending while it ran,
     * and that the send has cleared: the kernel reports it to the next call of any kind, and only once. On a connected
     * socket without RECVERR it means that the peer has refused an earlier datagram. Makes no system call.
     *
     * @return the errno of the last such error, for instance ECONNREFUSED; 0 if no send has cleared one since the last
     * call of this method
     */
    public int takeClearedError() {
        return sender.takeClearedErrno();
    }

    /**
     * Empties the error queue, up to 256 entries for each call, and then clears the pending error. Call it when epoll
     * reports EPOLLERR, which it does as long as the queue holds an entry. {@link #nextError} and
     * {@link #nextTransmitTimestamp} return what was read.
     *
     * @return the errno that was still pending after the queue had been read; 0 if there was none. It is not the errno
     * of an entry that was read, since the kernel clears that one as the queue becomes empty (sock_dequeue_err_skb of
     * net/core/skbuff.c). If 256 entries were read, it may be the errno of the next entry
     * @throws SyscallException if the queue can't be read and no error is pending: ENOSYS, EPERM or another errno of a
     *     seccomp filter that refuses recvmsg. epoll then reports EPOLLERR for ever, if it does
     */
    public int drainErrors() throws SyscallException {
        return errorQueue.drainAndClear();
    }

    /**
     * Returns and removes the oldest ICMP error that {@link #drainErrors}, or a {@link #send} between its system calls,
     * has read from the error queue. There are ICMP errors only if RECVERR is on; an INET6 socket that sends to IPv4,
     * too, needs it at both levels. Makes no system call.
     *
     * @return null if there is none. Up to 256 are kept; further ones are dropped and counted
     */
    public @Nullable SocketError nextError() {
        return errorQueue.nextError();
    }

    /**
     * Returns and removes the oldest transmit timestamp that was read from the error queue, as {@link #nextError} does
     * with ICMP errors. There are timestamps only for datagrams that were sent with
     * {@link SendOptions#transmitTimestamp}, or for all datagrams if
     * {@link dev.salvo.socket.option.SocketLevelOptions#TIMESTAMPING} asks for them. Makes no system call.
     *
     * @return null if there is none. Up to 256 are kept; further ones are dropped and counted
     */
    public @Nullable TransmitTimestamp nextTransmitTimestamp() {
        return errorQueue.nextTimestamp();
    }

    /**
     * Reads an option.
     *
     * @param option one of the rows in {@code dev.salvo.socket.option}, or another row
     * @param <T> the type of its value
     * @return its value as the kernel reports it: SO_RCVBUF, for instance, is twice the value that was set
     * @throws SyscallException ENOPROTOOPT if the kernel does not support the option
     */
    public <T> T get(SockOpt<T> option) throws SyscallException {
        return options.get(option);
    }

    /**
     * Sets an option.
     *
     * @param option one of the rows in {@code dev.salvo.socket.option}, or another row
     * @param value its new value
     * @param <T> the type of its value
     * @throws SyscallException ENOPROTOOPT if the kernel does not support the option, EINVAL for a value out of range,
     *     EPERM if a capability is missing
     */
    public <T> void set(SockOpt<T> option, T value) throws SyscallException {
        options.set(option, value);
    }

    /**
     * Waits until there is a datagram to receive, a pending error, or an entry in the error queue, or until another
     * holder shuts the socket down, which {@link #receive(ReceiveBatch)} then throws. If RECVERR is on, call
     * {@link #drainErrors}, too: as long as the queue holds an entry, this method returns true at once. The thread
     * waits in poll(2), and {@link Thread#interrupt} does not end the wait.
     *
     * @param timeout the longest time to wait, rounded up to whole milliseconds; null for no limit
     * @return false if the time ran out
     * @throws IllegalStateException on a virtual thread, unless {@code timeout} is 0 or less: the wait would hold the
     *     carrier thread, and as many waits as CPUs would hold up every virtual thread of the JVM
     * @throws SyscallException ENOMEM if the kernel lacks memory
     */
    public boolean awaitReadable(@Nullable Duration timeout) throws SyscallException {
        return pollWait.within(timeout).untilReadable(fd);
    }

    /** {@return the address family, INET or INET6} */
    public StandardProtocolFamily family() {
        return family;
    }

    /**
     * {@return the number of the descriptor, for calls that this class does not have; valid until {@link #close}.
     * Nothing else may close it}
     */
    public int descriptor() {
        return fd.number();
    }

    FileDescriptor fileDescriptor() {
        return fd;
    }

    /**
     * {@return a snapshot of what the socket has done so far, also after {@link #close}, when the kernel's drops are no
     * longer known}
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    public SocketStatistics statistics() {
        fd.requireOwner();
        var drops = fd.isOpen() ? options.packetDrops() : -1;
        return SocketStatistics.of(counters, drops < 0 ? -1 : counters.kernelDrops(drops));
    }

    /**
     * Closes the descriptor. A second call does nothing. Before this, remove the socket from its
     * {@link dev.salvo.socket.poll.EpollPoller}: if another descriptor of the same socket is open, the poller would go
     * on reporting the socket.
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
