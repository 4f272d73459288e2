package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SendFailure;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a port has written and the kernel has not taken: one batch as a rule, and while the kernel takes no more, as
 * many as the port's limit allows. Calls nobody back: failures wait here until they are asked for.
 */
final class SendQueue {

    /** What a waiting datagram counts beside its payload: about what it costs to remember. */
    private static final int OVERHEAD = 64;

    private final UdpSocket socket;
    private final Connection connection;
    private final BatchPool pool;
    private final boolean coalescing;
    private final int maxSegments;
    private final long limit;
    private final Overflow overflow;
    /** In the order of writing; the last one takes what is written. */
    private final ArrayDeque<SendBatch> batches = new ArrayDeque<>(2);

    private final ArrayDeque<SendFailure> failures = new ArrayDeque<>(2);
    /** How many failures of the first batch are in {@link #failures}, or were taken from there. */
    private int failuresOfHead;

    private @Nullable SendBatch tail;
    private int stoppedBy;
    /** Whether a write was refused, and waiting bytes at which it is worth another try. */
    private boolean roomWanted;

    private long roomAt;

    private long refused;
    private long overflowed;
    private long dropped;

    SendQueue(UdpSocket socket, Connection connection, BatchPool pool, PortOptions options) {
        this.socket = socket;
        this.connection = connection;
        this.pool = pool;
        this.coalescing = options.coalescing();
        this.maxSegments = options.maxSegments();
        this.limit = options.sendQueueBytes();
        this.overflow = options.overflow();
    }

    /** Whether the datagram was taken. A full batch is sent there and then. */
    boolean add(Object payload, long offset, int length, @Nullable SockAddr destination,
            @Nullable SendOptions options) {
        if (stoppedBy != 0) {
            requireReadable(segment(payload), offset, length);
            var datagrams = options == null ? 1 : options.datagrams(length, destination);
            if (!makeRoom(length + OVERHEAD * datagrams)) {
                refused += datagrams;
                roomWanted = true;
                // Less than waits now, too: a large datagram is refused though half is free, and would be again at
                // once.
                roomAt = Math.min(limit / 2, waitingBytes() - 1);
                return false;
            }
        }
        var batch = tail != null ? tail : append();
        if (add(batch, payload, offset, length, destination, options)) {
            return true;
        }
        if (stoppedBy == 0) {
            flush();
            return add(payload, offset, length, destination, options);
        }
        return add(append(), payload, offset, length, destination, options);
    }

    /** The batch whose last datagram the next may go on from; null while the kernel takes no more. */
    @Nullable
    SendBatch extendable() {
        return stoppedBy == 0 ? tail : null;
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

    /** Throws what adding would, before anything is dropped for it. The addresses were checked before. */
    private static void requireReadable(MemorySegment payload, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        if (length > 0) {
            payload.get(ValueLayout.JAVA_BYTE, offset);
        }
    }

    /** Whether there is room in the queue, for which the oldest are dropped if that is the policy, and is any use. */
    private boolean makeRoom(int bytes) {
        if (overflow == Overflow.DROP_OLDEST && bytes <= limit) {
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
                pool.giveBack(head);
            }
        }
    }

    private SendBatch append() {
        tail = pool.borrow(coalescing, maxSegments);
        batches.add(tail);
        return tail;
    }

    /** Sends until nothing is left or the kernel takes no more; {@link #stoppedBy} has why. */
    void flush() {
        stoppedBy = 0;
        for (var batch = batches.peek(); batch != null; batch = batches.peek()) {
            socket.send(batch);
            // A batch that is stopped keeps its failures, and is sent again.
            for (; failuresOfHead < batch.failures().size(); failuresOfHead++) {
                failures.add(connection.named(batch.failures().get(failuresOfHead)));
            }
            if (batch.pendingDatagrams() > 0) {
                stoppedBy = batch.stoppedBy();
                return;
            }
            batches.remove();
            failuresOfHead = 0;
            pool.giveBack(batch);
        }
        tail = null;
    }

    /** EAGAIN, ENOBUFS or ENOMEM where the kernel took no more, else 0. */
    int stoppedBy() {
        return stoppedBy;
    }

    boolean waitsForWritable() {
        return stoppedBy == Errno.EAGAIN;
    }

    boolean isEmpty() {
        return tail == null;
    }

    /** The next of the {@link #failures}. */
    SendFailure takeFailure() {
        return failures.remove();
    }

    /** How many datagrams the kernel refused that were not asked for yet. */
    int failures() {
        return failures.size();
    }

    /** Whether writes were refused, and since then half of the queue has become free; true once. */
    boolean takeRoom() {
        if (!roomWanted || (stoppedBy != 0 && waitingBytes() > roomAt)) {
            return false;
        }
        roomWanted = false;
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

    /** Gives up what is left. */
    void drop() {
        dropped += waitingDatagrams();
        for (var batch = batches.poll(); batch != null; batch = batches.poll()) {
            pool.giveBack(batch);
        }
        tail = null;
        failuresOfHead = 0;
        stoppedBy = 0;
    }
}
