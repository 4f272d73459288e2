package dev.salvo.socket;

import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.MappedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to send, copied in one after the other and joined into as few messages as the kernel needs.
 *
 * <p>Datagrams to the same destination and of the same size become one message with UDP_SEGMENT, also when other
 * destinations come between; a shorter one may end it. The kernel's stack is then walked once for up to 64 datagrams
 * ({@link #maxSegments} may make it 128), which is where nearly all of the time goes otherwise. Payloads and their
 * order for each destination are what they would be without.
 *
 * <p>{@link UdpSocket#send} sends it and says what became of it; after a send that stopped early the batch holds the
 * rest, takes more, and is sent again. One batch serves any number of sockets of its thread, one after the other.
 */
public final class SendBatch extends SendAdditions implements AutoCloseable {

    /** The most datagrams in a message unless told otherwise: what every kernel with UDP_SEGMENT takes. */
    static final int MAX_SEGMENTS = 64;
    /** The most bytes in a joined message; from 65,494 on the loopback device takes it apart in software. */
    static final int MAX_JOINED_BYTES = 65_000;

    /** Sixteen full messages. A smaller region stays in a nearer cache but is sent more often, which costs more. */
    private static final int DEFAULT_CAPACITY = 1024 * 1024;

    private final Arena arena;
    private final Run run;
    private final SegmentProbe segments;
    private final List<SendFailure> failures = new ArrayList<>();
    private final List<SendFailure> failuresView = Collections.unmodifiableList(failures);
    private int stoppedBy;
    /** Of the message whose datagrams go one by one: why they do (0: it was held back), and how many were taken. */
    int joinedErrno;

    int singlesTaken;
    /** How often the first message that is not sent yet found no buffers. */
    int stopsOfHead;

    private SendBatch(Arena arena, SegmentProbe segments, MessageStore store) {
        super(store);
        this.arena = arena;
        this.run = store.run;
        this.segments = segments;
    }

    /**
     * An empty batch for 1 MiB of payload.
     *
     * @return a batch that belongs to the calling thread
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open() throws SyscallException {
        return open(DEFAULT_CAPACITY);
    }

    /**
     * An empty batch.
     *
     * @param capacity bytes of payload, 65,535 to 1 GiB, after which no new message is begun
     * @return a batch that belongs to the calling thread
     * @throws IllegalArgumentException if {@code capacity} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open(int capacity) throws SyscallException {
        if (capacity < MAX_DATAGRAM || capacity > 1 << 30) {
            throw new IllegalArgumentException("capacity out of range: " + capacity);
        }
        var kernel = Kernels.current();
        var arena = Arena.ofConfined();
        var region = MappedMemory.allocate(kernel, arena, capacity + MAX_JOINED_BYTES);
        return new SendBatch(arena, new SegmentProbe(kernel), new MessageStore(arena, region, capacity));
    }

    /**
     * Switches joining on, as it is at first, or off, for the datagrams that are added from now on.
     *
     * @param on whether datagrams may share a message
     */
    public void coalescing(boolean on) {
        store.coalescing(on);
    }

    /**
     * Limits how many datagrams share a message, 64 at first, of those that are added from now on. Over 64, the first
     * call asks the kernel, as {@link Features#maxSegments} does, and more than it takes is cut to that, or to 64 if it
     * can't be asked: longer messages would be refused, and their datagrams go one by one.
     *
     * <p>128 pays where many small datagrams go to one destination at a time (an echo of 64 bytes in C: 0.65 of the CPU
     * for each), and changes nothing from 1,001 bytes on, since 65,000 are the most as before. A receiver on this host
     * with GRO gets so many in one message, and what is told of a message (ICMP errors, timestamps, drops) is of so
     * many. Off at first: a virtual machine's host whose kernel takes 64 drops longer ones unheard (virtio_net.h).
     *
     * @param most how many, 1 to 128; a segment size in options has its own limit of 64
     * @return {@code most}, or fewer if the kernel takes fewer
     * @throws IllegalArgumentException if {@code most} is out of range
     * @throws IllegalStateException if the batch is closed
     */
    public int maxSegments(int most) {
        store.requireUsable();
        var taken = segments.limit(most);
        store.maxSegments(taken);
        return taken;
    }

    /**
     * From now on some datagrams of this receive batch are not copied when they are added but when the receive batch is
     * received into again, or closed; so what was sent by then never is. They are those that came in one message with
     * others, by GRO, and that are added whole while they are current; all others are copied at once as before. Nothing
     * else changes, and no other call need be heeded: it is for what answers each batch before it receives the next.
     *
     * <p>It can't be switched off, but another batch can take this one's place. A send batch keeps the receive batch
     * that it was told of reachable, also when that is closed.
     *
     * @param batch in the place of any before it, of which what is borrowed is copied now
     * @throws IllegalStateException if either batch is closed
     * @throws WrongThreadException if they are not both the caller's
     */
    public void borrowFrom(ReceiveBatch batch) {
        store.borrowFrom(batch);
    }

    /**
     * Adds a datagram if it goes on where the last one ended: if that was added without options, to the same
     * destination and of the same length, its message has room and nothing was asked of the batch since. So what was
     * checked of the last one's length and destination holds for this one, which is what it is for: whoever has checks
     * of his own tries this first, and makes them, and calls {@code add}, if it is false. {@code add} itself begins
     * with it.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many; any number may be asked for
     * @param destination where to; null for the peer of a connected socket
     * @return false if nothing was added, be it since the batch is full, empty, spent or closed: {@code add} does it or
     * says why not
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if {@code payload} is of an arena that is closed
     * @throws WrongThreadException if the batch or {@code payload} is another thread's; nothing is changed
     */
    public boolean extend(MemorySegment payload, long offset, int length, @Nullable SockAddr destination) {
        return run.extend(payload, offset, length, destination == null ? SockAddr.NONE : destination);
    }

    /**
     * Adds a datagram whose bytes are in an array, if it goes on where the last one ended; else as
     * {@link #extend(MemorySegment, long, int, SockAddr)}.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many; any number may be asked for
     * @param destination where to; null for the peer of a connected socket
     * @return false if nothing was added: {@code add} does it or says why not
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws WrongThreadException if the batch is another thread's; nothing is changed
     */
    public boolean extend(byte[] payload, int offset, int length, @Nullable SockAddr destination) {
        return run.extend(payload, offset, length, destination == null ? SockAddr.NONE : destination);
    }

    /**
     * Drops everything, failures included.
     *
     * @throws IllegalStateException if the batch is closed
     */
    @Override
    public void clear() {
        store.clear();
        failures.clear();
        stoppedBy = 0;
        stopsOfHead = 0;
    }

    /**
     * Gives up the oldest message that is not sent yet: with coalescing up to {@link #maxSegments} datagrams of one
     * destination; of a message that is being sent one by one, since the kernel refused it whole, those that are left.
     * They are no failures, and nothing counts them but the caller. When nothing is pending any more the next add
     * clears the batch, as after a send.
     *
     * @return how many datagrams it held; 0 if nothing is pending
     * @throws IllegalStateException if the batch is closed
     */
    public int dropOldest() {
        stopsOfHead = 0;
        return store.dropHead();
    }

    /** {@return how many datagrams are still to be sent; 0 if all were sent or failed} */
    public int pendingDatagrams() {
        return store.pendingDatagrams();
    }

    /** {@return how many bytes of payload are still to be sent} */
    public long pendingBytes() {
        return store.pendingBytes();
    }

    /**
     * Why the last send stopped before the end.
     *
     * @return EAGAIN: send again when the socket is writable; ENOBUFS or ENOMEM: after a while, since the socket stays
     * writable meanwhile; 0: it did not stop
     */
    public int stoppedBy() {
        return stoppedBy;
    }

    /**
     * The datagrams that the kernel refused, in order, since the batch was last empty.
     *
     * @return always the same list, which cannot be changed by its reader, and is by the next send or add
     */
    public List<SendFailure> failures() {
        return failuresView;
    }

    MessageStore store() {
        return store;
    }

    void stoppedBy(int errno) {
        stoppedBy = errno;
    }

    void failed(OutgoingMessage message, int length, int errno) {
        var address = message.destination.address;
        failures.add(new SendFailure(address.equals(SockAddr.NONE) ? null : address.copy(), length, errno));
    }

    /** Gives the memory back, and drops what is pending. A second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            clear();
            arena.close();
        }
    }
}
