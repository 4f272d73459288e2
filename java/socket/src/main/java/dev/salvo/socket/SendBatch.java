package dev.salvo.socket;

import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.send.Outbox;
import dev.salvo.socket.internal.send.SegmentProbe;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to send, copied in one after the other and joined into as few messages as possible.
 *
 * <p>
 * Datagrams to the same destination and of the same size become one message with UDP_SEGMENT, even if datagrams to
 * other destinations are added in between; a shorter datagram may end the message. The kernel then runs through its
 * network stack once for up to 64 datagrams, or up to 128 with {@link #maxSegments}. Without joining it does so for
 * each datagram, which takes nearly all of the time of a send. Joining changes neither the payloads nor their order for
 * each destination.
 *
 * <p>
 * {@link UdpSocket#send} sends the batch and reports the result. After a send that stopped early, the batch holds the
 * remaining datagrams, takes further ones, and can be sent again. When everything has been sent or has failed, the next
 * add clears the batch first.
 *
 * <p>
 * An empty batch takes some 10 kB. It grows with what is added to it, up to 1.1 times its capacity and 0.7 MB: each
 * message takes some 400 bytes besides its payload. It keeps that memory until {@link #trimToSize} or {@link #close}.
 *
 * <p>
 * A batch belongs to the thread that opened it, or to the holder of the lock that it was opened with: a call from
 * another thread throws WrongThreadException. One batch serves any number of sockets of its owner, one after the other.
 */
public final class SendBatch implements AutoCloseable {

    /** Sixteen full messages. A smaller region fits a nearer cache, but has to be sent more often, which costs more. */
    private static final int DEFAULT_CAPACITY = 1024 * 1024;

    private final Outbox outbox;
    private final SegmentProbe probe;
    private final List<SendFailure> failures = new ArrayList<>();
    private final List<SendFailure> failuresView = Collections.unmodifiableList(failures);

    private SendBatch(Kernel kernel, int capacity, Owner owner) throws SyscallException {
        this.probe = new SegmentProbe(kernel);
        this.outbox = new Outbox(kernel, capacity, owner, new Outbox.Failures() {
            @Override
            public void add(NativeAddress to, int length, int errno) {
                failures.add(new SendFailure(Struct.isNone(to) ? null : SockAddr.of(to), length, errno));
            }

            @Override
            public void clear() {
                failures.clear();
            }
        });
    }

    /**
     * Opens an empty batch for 1 MiB of payload.
     *
     * @return a batch that belongs to the calling thread
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open() throws SyscallException {
        return open(DEFAULT_CAPACITY);
    }

    /**
     * Opens an empty batch.
     *
     * @param capacity bytes of payload, 65,535 to 1 GiB, after which no new message is begun
     * @return a batch that belongs to the calling thread
     * @throws IllegalArgumentException if {@code capacity} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open(int capacity) throws SyscallException {
        return open(capacity, Owner.currentThread());
    }

    /**
     * Opens an empty batch that any thread may use while it holds a lock.
     *
     * @param capacity as {@link #open(int)}
     * @param lock whoever holds it is the owner of the batch
     * @return a batch
     * @throws IllegalArgumentException if {@code capacity} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open(int capacity, ReentrantLock lock) throws SyscallException {
        return open(capacity, Owner.holderOf(lock));
    }

    private static SendBatch open(int capacity, Owner owner) throws SyscallException {
        if (capacity < Outbox.MAX_DATAGRAM || capacity > 1 << 30) {
            throw new IllegalArgumentException("capacity out of range: " + capacity);
        }
        return new SendBatch(Kernels.current(), capacity, owner);
    }

    /**
     * Switches joining on or off for the datagrams that are added from now on. It is on by default.
     *
     * @param on whether datagrams may share a message
     */
    public void coalescing(boolean on) {
        outbox.coalescing(on);
    }

    /**
     * Limits how many datagrams share a message, for the datagrams that are added from now on. The limit is 64 by
     * default.
     *
     * <p>
     * The first number over 64 makes the batch ask the kernel, as {@link Features#maxSegments} does. A number above
     * what the kernel accepts is lowered to that, or to 64 if the kernel can't be asked. The kernel would refuse longer
     * messages, and their datagrams would be sent one by one.
     *
     * <p>
     * 128 pays where many small datagrams go to one destination at a time: an echo of 64 bytes, written in C, then
     * takes 0.65 times the CPU time for each datagram. It changes nothing for datagrams of 1,001 bytes and more,
     * because a message still has 65,000 bytes at most. A receiver on this host with GRO gets up to 128 datagrams in
     * one message. ICMP errors, timestamps and drops, which the kernel reports once for each message, stand for as
     * many.
     *
     * <p>
     * It is not the default because of virtual machines: a host whose kernel accepts 64 silently drops longer messages
     * of its guests (virtio_net.h).
     *
     * @param most how many, 1 to 128; a segment size in {@link SendOptions} has its own limit of 64
     * @return {@code most}, or fewer if the kernel accepts fewer
     * @throws IllegalArgumentException if {@code most} is out of range
     * @throws IllegalStateException if the batch is closed
     */
    public int maxSegments(int most) {
        outbox.requireUsable();
        var taken = probe.limit(most);
        outbox.maxSegments(taken);
        return taken;
    }

    /**
     * From now on some datagrams of a receive batch are not copied when they are added, but when the receive batch
     * receives again or is closed. A datagram that has been sent by then is never copied.
     *
     * <p>
     * This applies to datagrams that arrived in one message with others, by GRO, and that are added whole while they
     * are current. All other datagrams are copied at once, as before. Nothing else changes, and there are no further
     * rules to follow. It is for programs that answer each batch before they receive the next one.
     *
     * <p>
     * It can't be switched off, but another receive batch can take this one's place. A send batch keeps its receive
     * batch reachable, even after that is closed.
     *
     * @param batch the batch to borrow from; it replaces an earlier one, whose borrowed datagrams are copied now
     * @throws IllegalStateException if either batch is closed
     * @throws WrongThreadException if either batch belongs to another thread
     */
    public void borrowFrom(ReceiveBatch batch) {
        outbox.borrowFrom(batch.lender());
    }

    /**
     * Adds a received datagram.
     *
     * @param datagram the datagram; its payload is copied
     * @param destination where to, often {@code datagram.source()}; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalStateException if the datagram is gone or the batch is closed
     */
    public boolean add(Datagram datagram, @Nullable SockAddr destination) {
        return add(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * Adds a datagram. The kernel checks its length and its family when it is sent.
     *
     * @param payload the memory that holds the bytes of the datagram; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over 65,535
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch or the arena of {@code payload} is closed, or {@code destination} is a
     *     view whose datagram is gone
     * @throws UncheckedIOException if the batch has to grow, and the kernel refuses the memory; nothing was added
     */
    public boolean add(MemorySegment payload, long offset, int length, @Nullable SockAddr destination) {
        return outbox.add(payload, offset, length, SockAddr.orNone(destination), null);
    }

    /**
     * Adds a datagram whose bytes are in an array. No object is created for it.
     *
     * @param payload the array that holds the bytes of the datagram; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over 65,535
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed, or {@code destination} is a view whose datagram is gone
     */
    public boolean add(byte[] payload, int offset, int length, @Nullable SockAddr destination) {
        return outbox.add(payload, offset, length, SockAddr.orNone(destination), null);
    }

    /**
     * Adds a datagram that is a whole array, like {@link #add(byte[], int, int, SockAddr)}.
     *
     * @param payload 0 to 65,535 bytes; they are copied
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     */
    public boolean add(byte[] payload, @Nullable SockAddr destination) {
        return add(payload, 0, payload.length, destination);
    }

    /**
     * Adds a datagram whose bytes are in a buffer. No object is created for it.
     *
     * @param payload the buffer; the bytes from its position to its limit, 0 to 65,535, are copied, and neither changes
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if there are more than 65,535 bytes
     * @throws IllegalStateException if the batch is closed, or {@code destination} is a view whose datagram is gone
     */
    public boolean add(ByteBuffer payload, @Nullable SockAddr destination) {
        return outbox.add(payload, payload.position(), payload.remaining(), SockAddr.orNone(destination), null);
    }

    /**
     * Adds a received datagram that is sent with its own options.
     *
     * @param datagram the datagram; its payload is copied
     * @param destination where to, often {@code datagram.source()}; null for the peer of a connected socket
     * @param options they are copied
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException as {@link #add(MemorySegment, long, int, SockAddr, SendOptions)}
     * @throws IllegalStateException if the datagram is gone or the batch is closed
     */
    public boolean add(Datagram datagram, @Nullable SockAddr destination, SendOptions options) {
        return add(datagram.segment(), datagram.offset(), datagram.length(), destination, options);
    }

    /**
     * Adds a datagram that is sent with its own options, or several datagrams if the options have a segment size.
     *
     * @param payload the memory that holds the bytes of the datagram; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535; at most 65,000 if they are more than one segment
     * @param destination where to; null for the peer of a connected socket
     * @param options they are copied; if none is set, the datagram is added as without options
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is larger than that or makes more than 64 segments, or if the
     *     source address is not of the destination's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(
            MemorySegment payload, long offset, int length, @Nullable SockAddr destination, SendOptions options) {
        if (options.values.isEmpty()) {
            return add(payload, offset, length, destination);
        }
        var to = SockAddr.orNone(destination);
        options.requireFitting(length, to);
        return outbox.add(payload, offset, length, to, options.values);
    }

    /**
     * Drops all datagrams and all failures.
     *
     * @throws IllegalStateException if the batch is closed
     */
    public void clear() {
        outbox.clear();
    }

    /**
     * Drops the oldest message that is not yet sent: with coalescing, up to {@link #maxSegments} datagrams of one
     * destination. If the kernel has refused that message and it is being sent one datagram at a time, the rest of its
     * datagrams is dropped. They do not count as failures: a program that wants to count them has to do it itself.
     *
     * @return how many datagrams were dropped; 0 if nothing is pending
     * @throws IllegalStateException if the batch is closed
     */
    public int dropOldest() {
        return outbox.dropHead();
    }

    /**
     * Frees the memory that the datagrams which are not yet sent don't need. If there are none, the batch is cleared. A
     * batch that has grown keeps its memory for the next datagrams, so this is for batches that are kept while the
     * kernel accepts no more. If the kernel refuses the smaller memory, the batch keeps what it has.
     *
     * @throws IllegalStateException if the batch is closed
     */
    public void trimToSize() {
        outbox.trim();
    }

    /** {@return how many datagrams are not yet sent; 0 if all were sent or have failed} */
    public int pendingDatagrams() {
        return outbox.pendingDatagrams();
    }

    /** {@return how many bytes of payload are not yet sent} */
    public long pendingBytes() {
        return outbox.pendingBytes();
    }

    /**
     * Why the last send stopped early.
     *
     * @return EAGAIN: send again when the socket is writable, which it is at once if the send stopped since the kernel
     * had refused many datagrams for their destinations. ENOBUFS or ENOMEM: the kernel lacks memory, or a queueing
     * discipline is full; send again after a while, since the socket stays writable meanwhile. 0: it did not stop
     * early. Without RECVERR, Linux does not report a full queueing discipline: see {@link UdpSocket#send}
     */
    public int stoppedBy() {
        return outbox.stoppedBy();
    }

    /**
     * The datagrams that the kernel has refused since the batch was last empty, in order.
     *
     * @return always the same unmodifiable list; the next send or add may change it
     */
    public List<SendFailure> failures() {
        return failuresView;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Frees the memory and drops the datagrams that are not yet sent. A second call does nothing. */
    @Override
    public void close() {
        outbox.close();
    }
}
