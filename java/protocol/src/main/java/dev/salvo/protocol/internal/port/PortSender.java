package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.PortOptions;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SendFailure;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams that a port has written and that are not yet sent.
 *
 * <p>
 * A write is copied into a batch. A flush sends the batch: at the end of the port's turn, when the batch is full, or
 * when the program asks for it. While the kernel accepts no more, writes are queued in further batches, as many as the
 * port's limit allows.
 */
final class PortSender {

    /**
     * The bytes that a queued datagram counts in addition to its payload: about the memory that its bookkeeping takes.
     */
    private static final int OVERHEAD = 64;
    /**
     * How long to wait after ENOBUFS: a queueing discipline has room again after about this time. Epoll can't report
     * it, because the socket stays writable meanwhile.
     */
    private static final Duration BUFFER_WAIT = Duration.ofMillis(5);
    /**
     * The errors of a send that no datagram causes: there is no such call, or the program has closed the descriptor.
     * All others may concern one datagram alone: EPERM a firewall's rule, EINVAL port 0.
     */
    private static final Set<Integer> NO_SOCKET = Set.of(Errno.ENOSYS, Errno.EBADF, Errno.ENOTSOCK);

    private final UdpPort port;
    private final PortHost host;
    private final Ports ports;
    private final UdpSocket socket;
    private final Connection connection;
    private final GuardedProtocol protocol;
    private final EpollRegistration registration;
    private final @Nullable ReplySource replySource;
    private final boolean ipv6;
    private final boolean coalescing;
    private final int maxSegments;
    private final long limit;
    private final boolean dropsOldest;
    private final DropWatch drops;
    /** In the order of writing; new datagrams go to the last one. */
    private final ArrayDeque<SendBatch> batches = new ArrayDeque<>(2);
    private final ArrayDeque<SendFailure> failures = new ArrayDeque<>(2);
    private @Nullable SendBatch tail;
    /** How many failures of the first batch have been copied to {@link #failures}. */
    private int failuresOfHead;
    /** Why the kernel accepted no more: EAGAIN, ENOBUFS or ENOMEM; 0 if it did not stop. */
    private int stoppedBy;
    /** Whether a further write to the last destination may go through {@link #repeat}. */
    private boolean repeatable;
    /** Whether a further write to any destination of the port's family may, too. */
    private boolean unconnected;
    /** The last destination, as the program gave it and as the socket got it. */
    private @Nullable SockAddr lastDestination;
    private @Nullable SockAddr lastTo;
    private boolean waitsForBuffers;
    /** Whether {@link Ports} ends this port's turn before the next poll. */
    private boolean listed;
    /** Whether a write was refused, and how few bytes must be queued before the protocol's writable is called. */
    private boolean roomWanted;
    private long roomAt;
    private long refused;
    private long overflowed;
    private long dropped;

    PortSender(UdpPort port, PortHost host, Ports ports, UdpSocket socket, Connection connection,
            GuardedProtocol protocol, EpollRegistration registration, @Nullable ReplySource replySource,
            PortOptions options) {
        this.port = port;
        this.host = host;
        this.ports = ports;
        this.socket = socket;
        this.connection = connection;
        this.protocol = protocol;
        this.registration = registration;
        this.replySource = replySource;
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.coalescing = options.coalescing();
        this.maxSegments = options.maxSegments();
        this.limit = options.sendQueueBytes();
        this.dropsOldest = options.overflow() == PortOptions.Overflow.DROP_OLDEST;
        this.drops = new DropWatch(port);
    }

    /**
     * Copies a datagram, if what was checked for the last one holds for it, too: nothing was flushed since, and it has
     * the same destination object, or, on an unconnected port, any destination of the port's family. Otherwise this
     * returns false and has no effect. The parameters are those of {@link #write}.
     */
    boolean repeat(Object payload, long offset, int length, @Nullable SockAddr destination) {
        var batch = tail;
        if (batch == null || !repeatable || length > Connection.IPV4_LARGEST) {
            return false;
        }
        var to = lastTo;
        if (destination != lastDestination) {
            if (!unconnected || destination == null || destination.isIpv6() != ipv6) {
                return false;
            }
            to = destination;
        }
        try {
            return add(batch, payload, offset, length, to, null);
        } catch (WrongThreadException e) {
            // The checks before a write throw the same with advice.
            return false;
        }
    }

    /**
     * Copies a datagram whose destination and length have been checked.
     *
     * @param payload a MemorySegment or a byte[]; wrapping each array in a segment would allocate an object per
     *     datagram
     * @param destination as the program gave it; null for the peer of a connected port
     * @param to the destination for the socket; null for the peer of a connected port
     * @return false if the kernel accepts no more and the queue is full
     */
    boolean write(Object payload, long offset, int length, @Nullable SockAddr destination, @Nullable SockAddr to,
            @Nullable SendOptions options) {
        list();
        var with = replySource == null || options != null || to == null ? options : replySource.optionsFor(to);
        if (stoppedBy != 0) {
            return enqueue(payload, offset, length, to, with);
        }
        var batch = tail != null ? tail : append();
        if (add(batch, payload, offset, length, to, with)) {
            lastDestination = destination;
            lastTo = to;
            unconnected = to != null;
            repeatable = replySource == null && (to == destination || destination == null || !destination.isView());
            return true;
        }
        // The batch is full. After the flush, the write goes to an empty batch, or to the queue with its limit.
        flush();
        return write(payload, offset, length, destination, to, with);
    }

    /** Queues a datagram while the kernel accepts no more, if the limit allows it. */
    private boolean enqueue(Object payload, long offset, int length, @Nullable SockAddr destination,
            @Nullable SendOptions options) {
        requireReadable(segment(payload), offset, length);
        var datagrams = options == null ? 1 : options.datagrams(length, destination);
        if (!makeRoom(length + OVERHEAD * datagrams)) {
            refused += datagrams;
            roomWanted = true;
            // Also less than what is queued now: a large datagram can be refused while half of the queue is free, and
            // would be refused again at once.
            roomAt = Math.min(limit / 2, waitingBytes() - 1);
            return false;
        }
        var batch = tail != null ? tail : append();
        return add(batch, payload, offset, length, destination, options)
                || add(append(), payload, offset, length, destination, options);
    }

    private static boolean add(SendBatch batch, Object payload, long offset, int length,
            @Nullable SockAddr destination, @Nullable SendOptions options) {
        if (options != null) {
            return batch.add(segment(payload), offset, length, destination, options);
        }
        return payload instanceof byte[] array
                ? batch.add(array, (int) offset, length, destination)
                : batch.add((MemorySegment) payload, offset, length, destination);
    }

    private static MemorySegment segment(Object payload) {
        return payload instanceof byte[] array ? MemorySegment.ofArray(array) : (MemorySegment) payload;
    }

    /** Throws the exceptions that adding would throw, before any datagram is dropped to make room. */
    private static void requireReadable(MemorySegment payload, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        if (length > 0) {
            payload.get(ValueLayout.JAVA_BYTE, offset);
        }
    }

    /** Whether the queue has room; with DROP_OLDEST, room is made unless the datagram alone exceeds the limit. */
    private boolean makeRoom(int bytes) {
        if (dropsOldest && bytes <= limit) {
            while (waitingBytes() + bytes > limit) {
                dropOldest();
            }
            return true;
        }
        return waitingBytes() + bytes <= limit;
    }

    private void dropOldest() {
        var head = batches.element();
        overflowed += head.dropOldest();
        if (head.pendingDatagrams() == 0) {
            failuresOfHead = 0;
            if (head == tail) {
                head.clear();
            } else {
                batches.remove();
                ports.batches().giveBack(head);
            }
        }
    }

    private SendBatch append() {
        tail = ports.batches().borrow(coalescing, maxSegments);
        batches.add(tail);
        return tail;
    }

    /** Has {@link Ports} end this port's turn before the next poll. */
    void list() {
        if (!listed) {
            listed = true;
            ports.list(port);
        }
    }

    void unlist() {
        listed = false;
    }

    /** Sends the batches until the kernel accepts no more. Makes no callbacks. */
    void flush() {
        stoppedBy = 0;
        repeatable = false;
        for (var batch = batches.peek(); batch != null && stoppedBy == 0; batch = batches.peek()) {
            socket.send(batch);
            // A batch that the kernel stopped keeps its failures and is sent again.
            for (; failuresOfHead < batch.failures().size(); failuresOfHead++) {
                var failure = connection.named(batch.failures().get(failuresOfHead));
                failures.add(failure);
                if (NO_SOCKET.contains(failure.errno())) {
                    port.fail(new SyscallException("sendmmsg", failure.errno()));
                }
            }
            if (batch.pendingDatagrams() > 0) {
                stoppedBy = batch.stoppedBy();
                ports.batches().blocked(batch);
            } else {
                batches.remove();
                failuresOfHead = 0;
                ports.batches().giveBack(batch);
            }
        }
        if (batches.isEmpty()) {
            tail = null;
        }
        connection.refreshLocal();
    }

    /** What was checked for the last write need not hold for the next one. */
    void checkAgain() {
        repeatable = false;
    }

    /** Flushes, unless the kernel accepted no more the last time. */
    void flushUnlessBlocked() {
        if (stoppedBy == 0 && tail != null) {
            flush();
        }
    }

    /** Flushes, arranges to send later what the kernel did not accept, and makes the callbacks. */
    void endTurn() {
        flushUnlessBlocked();
        registration.watchWritable(stoppedBy == Errno.EAGAIN);
        if (stoppedBy != 0 && stoppedBy != Errno.EAGAIN && !waitsForBuffers) {
            waitsForBuffers = true;
            host.callLater(BUFFER_WAIT, () -> {
                waitsForBuffers = false;
                port.retry();
            });
        }
        tellFailures();
        if (hasRoomAgain()) {
            protocol.writable();
        }
        drops.look();
    }

    /**
     * Reports the failures so far. Those that the callbacks cause are reported in the next turn, so that the loop goes
     * on.
     */
    void tellFailures() {
        for (int left = failures.size(); left > 0; left--) {
            var failure = failures.remove();
            var destination = failure.destination();
            if (destination != null) {
                protocol.writeFailed(destination, failure.length(), failure.errno());
            }
        }
    }

    /** Whether a write was refused, and enough of the queue has become free since. True only once for that. */
    private boolean hasRoomAgain() {
        if (!roomWanted || (stoppedBy != 0 && waitingBytes() > roomAt)) {
            return false;
        }
        roomWanted = false;
        return true;
    }

    /** Drops and counts what is not yet sent, before the port is closed. */
    void drop() {
        dropped += waitingDatagrams();
        for (var batch = batches.poll(); batch != null; batch = batches.poll()) {
            ports.batches().giveBack(batch);
        }
        tail = null;
        repeatable = false;
        failuresOfHead = 0;
        stoppedBy = 0;
        drops.lookNow();
    }

    boolean isEmpty() {
        return tail == null;
    }

    /** Whether datagrams are not yet sent. If so, writable is called when all are. */
    boolean refusesUntilEmpty() {
        if (isEmpty()) {
            return false;
        }
        roomWanted = true;
        roomAt = 0;
        return true;
    }

    private long waitingBytes() {
        long bytes = 0;
        for (var batch : batches) {
            bytes += batch.pendingBytes() + (long) OVERHEAD * batch.pendingDatagrams();
        }
        return bytes;
    }

    long waitingDatagrams() {
        long datagrams = 0;
        for (var batch : batches) {
            datagrams += batch.pendingDatagrams();
        }
        return datagrams;
    }

    long refused() {
        return refused;
    }

    long overflowed() {
        return overflowed;
    }

    long dropped() {
        return dropped;
    }
}
