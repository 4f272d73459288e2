package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramBatch;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Receives the datagrams of a port's turn, and passes them to the protocol. */
public final class PortReceiver implements DatagramBatch {

    /**
     * Limits for a turn, so that the other ports have theirs: when one is reached, no further receive call is made. One
     * call returns up to 64 messages. A message has up to 64 datagrams, or 128 from senders on this host.
     */
    private static final int TURN_MESSAGES = 256;

    private static final int TURN_DATAGRAMS = 4096;
    private static final int TURN_BYTES = 4_000_000;
    /**
     * How many calls in succession fail before the port ends. An ICMP error fails one call, and a flood of them a few,
     * if one arrives between the read of SO_ERROR and the receive call of so many turns.
     */
    static final int FAILURES_IN_SUCCESSION = 100;
    /**
     * The errors that no ICMP message causes and no further call cures: a seccomp filter or a security module refuses
     * the call, or the program has closed the descriptor.
     */
    private static final Set<Integer> LASTING = Set.of(
            Errno.ENOSYS, Errno.EPERM, Errno.EINVAL, Errno.EBADF, Errno.ENOTSOCK, Errno.EFAULT);

    private final UdpPort port;
    private final PortHost host;
    private final UdpSocket socket;
    private final GuardedProtocol protocol;
    private final @Nullable ReplySource replySource;
    private final int maxPacketSize;
    private final ReceiveBatch batch;
    /** How many datagrams and bytes are left of the turn. */
    private int datagrams;
    private int bytes;
    /** Whether batchReceived is being called. */
    private boolean handing;

    private @Nullable SockAddr peer;
    /** Whether the kernel was asked for the peer again since the last receive call. */
    private boolean refreshed;
    private int failures;
    private long strangers;
    private long notTaken;

    PortReceiver(UdpPort port, PortHost host, UdpSocket socket, ReceiveBatch batch, GuardedProtocol protocol,
            @Nullable ReplySource replySource, int maxPacketSize) {
        this.port = port;
        this.host = host;
        this.socket = socket;
        this.batch = batch;
        this.protocol = protocol;
        this.replySource = replySource;
        this.maxPacketSize = maxPacketSize;
    }

    /**
     * Accepts datagrams only from this peer; null accepts all. Datagrams from other addresses were queued before the
     * port was connected: since then the kernel lets none through.
     */
    void acceptOnly(@Nullable SockAddr newPeer) {
        peer = newPeer;
    }

    /** Flushes the port after each receive call. Returns how many messages were received. */
    int receive() {
        batch.maxPacketSize(maxPacketSize);
        int messages = TURN_MESSAGES;
        int received = 0;
        datagrams = TURN_DATAGRAMS;
        bytes = TURN_BYTES;
        while (messages > 0 && datagrams > 0 && bytes > 0 && port.isListening()) {
            var asked = Math.min(messages, batch.slots());
            var came = receiveInto(asked);
            received += came;
            // Fewer messages than asked for: the socket is empty, so a call that would only return EAGAIN is saved.
            messages = came < asked ? 0 : messages - came;
            if (protocol.takesBatches()) {
                handBatch(came);
            } else {
                for (var datagram = take(); datagram != null; datagram = take()) {
                    protocol.datagramReceived(datagram);
                }
            }
            port.flushUnlessBlocked();
        }
        return received;
    }

    private int receiveInto(int messages) {
        refreshed = false;
        try {
            var came = socket.receive(batch, messages);
            failures = 0;
            return came;
        } catch (SyscallException e) {
            failed(e);
            return 0;
        }
    }

    /** If there is more to receive, epoll reports the port again. */
    private void failed(SyscallException e) {
        if (LASTING.contains(e.errno()) || ++failures == FAILURES_IN_SUCCESSION) {
            port.fail(e);
        } else if (Errno.isRaisedByIcmp(e.errno())) {
            // This call has cleared a pending error.
            port.errorPending(e.errno());
        } else {
            host.log("receiving on " + port.localAddress(), e);
        }
    }

    private @Nullable Datagram take() {
        var datagram = batch.next();
        while (datagram != null && peer != null && !peer.equals(datagram.source()) && isOfStranger(datagram)) {
            strangers++;
            datagram = batch.next();
        }
        if (datagram != null) {
            datagrams--;
            bytes -= datagram.length();
        }
        if (replySource != null) {
            replySource.replyingTo(datagram);
        }
        return datagram;
    }

    /** Another holder of the socket may have connected it to another peer, or disconnected it. */
    private boolean isOfStranger(Datagram datagram) {
        if (refreshed) {
            return true;
        }
        refreshed = true;
        return !port.refreshPeer() || (peer != null && !peer.equals(datagram.source()));
    }

    private void handBatch(int messages) {
        if (messages > 0) {
            handing = true;
            try {
                protocol.batchReceived(this);
            } finally {
                handing = false;
            }
            for (var left = take(); left != null; left = take()) {
                notTaken++;
            }
        }
    }

    @Override
    public @Nullable Datagram next() {
        if (!handing) {
            throw new IllegalStateException("the batch is no longer valid: batchReceived has returned");
        }
        return take();
    }

    public long strangers() {
        return strangers;
    }

    public long notTaken() {
        return notTaken;
    }
}
