package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.ControlReader;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.MetadataDecoder;
import dev.salvo.socket.internal.descriptor.MappedMemory;
import dev.salvo.socket.internal.observe.Counters;
import dev.salvo.socket.internal.observe.ReceiveEvent;
import dev.salvo.socket.internal.observe.SocketEvents;
import dev.salvo.socket.internal.send.Lender;
import dev.salvo.socket.internal.send.Outbox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Memory for received datagrams: the slots for one recvmmsg, laid out once, and a cursor over the datagrams.
 *
 * <p>
 * A slot takes one message of the kernel, of up to 65,535 bytes. With GRO a message may hold 64 datagrams and more,
 * which {@link #next()} separates by the size that the kernel reports with the message. It does so even if this program
 * did not switch GRO on, because an adopted descriptor may have it on. A page of the memory that no datagram has
 * reached takes no physical memory.
 *
 * <p>
 * A batch belongs to the thread that opened it, or to the holder of the lock that it was opened with: a call from
 * another thread throws WrongThreadException. One batch serves any number of sockets of its owner, one after the other.
 */
public final class ReceiveBatch implements AutoCloseable {

    /** The default number of slots: how many messages one call can receive. */
    public static final int DEFAULT_SLOTS = 64;

    /** Why a datagram can't be read. */
    static final String GONE = "this datagram is gone, because the batch has moved on: call copy() earlier to keep it";

    /** The largest message of UDP. No message is truncated in a slot of this size. */
    static final int SLOT_SIZE = 65_535;
    /**
     * Room for the control messages of one message.
     *
     * <p>
     * All of {@link Metadata}, the original destination and SO_TIMESTAMPING together take 296 bytes, with both
     * addresses of an IPv4-mapped datagram. The rest is for other control messages of fixed size; IP options and IPv6
     * extension headers can be larger than any room. In a smaller room the last control messages would be lost, but
     * hardly the GRO size: only the ones of SOL_SOCKET precede it (udp_recvmsg). An odd multiple of 64 spreads the
     * first lines of the slots over the sets of the cache.
     */
    static final int CONTROL_ROOM = 7 * 64;
    private static final int FLAGS = Linux.MSG_DONTWAIT() | Linux.MSG_TRUNC();
    /** No slot. It differs from -1, the position before the first slot. */
    private static final int NO_SLOT = -2;

    /** The owner, if it is a thread. */
    private final @Nullable Thread ownerThread;
    private final Owner owner;
    private final Arena arena;
    private final int slots;
    private final int slotSize;
    /** The distance from the payload of one slot to that of the next. */
    private final long slotStride;
    private final MessageHeaders headers;
    /** Read-only. {@link Datagram#segment} returns it. */
    private final MemorySegment payload;
    /** The same for ByteBuffers, which can't be filled from a segment without another object. */
    private final ByteBuffer buffer;
    private final MemorySegment control;
    private final ControlReader controlReader = new ControlReader();
    private final MetadataDecoder decoder = new MetadataDecoder();
    private final DatagramMetadata metadata = new DatagramMetadata(this);
    private final SockAddr source = SockAddr.view();
    private final Datagram datagram;
    private final Lender lender = new Loans();
    /** The send batches that may hold datagrams which they have not copied yet. */
    private final List<Outbox> borrowers = new ArrayList<>();

    private int maxPacketSize = SLOT_SIZE;
    private Counters counters = new Counters();
    private long generation;
    /** The number of messages received, and the slot of the current one. */
    private int messages;
    private int slot;
    /** Where the current slot begins, how many bytes the kernel copied there, and the length of the message. */
    private long slotStart;
    private int copied;
    private int whole;
    /** The length of the message's datagrams, the last of which may be shorter, and where the next one begins. */
    private int segmentSize;
    private int position;
    /** The slot whose metadata has been decoded. */
    private int decodedSlot = NO_SLOT;

    private ReceiveBatch(Kernel kernel, int slots, int slotSize, Owner owner) throws SyscallException {
        this.owner = owner;
        this.ownerThread = owner.thread();
        this.arena = owner.arena();
        this.slots = slots;
        this.slotSize = slotSize;
        // At multiples of 64 KiB the first lines of all slots would fall into the same set of the cache.
        slotStride = slotSize == SLOT_SIZE ? 65_536 + 128 : slotSize;
        headers = new MessageHeaders(arena, slots, slots);
        control = arena.allocate((long) slots * CONTROL_ROOM, 64);
        MemorySegment room;
        try {
            room = MappedMemory.allocate(kernel, arena, slots * slotStride);
        } catch (SyscallException e) {
            arena.close();
            throw e;
        }
        payload = room.asReadOnly();
        buffer = payload.asByteBuffer();
        datagram = new Datagram(this, payload, source);
        for (int i = 0; i < slots; i++) {
            headers.vector(i, room, i * slotStride, slotSize);
            headers.vectors(i, i, 1);
            headers.control(i, control, (long) i * CONTROL_ROOM, CONTROL_ROOM);
            headers.prepare(i, CONTROL_ROOM);
        }
    }

    /**
     * Opens a batch of {@link #DEFAULT_SLOTS} slots.
     *
     * @return an empty batch that belongs to the calling thread
     * @throws SyscallException if the kernel refuses the memory
     */
    public static ReceiveBatch open() throws SyscallException {
        return open(DEFAULT_SLOTS);
    }

    /**
     * Opens a batch.
     *
     * @param slots how many messages one call can receive, 1 to 1,024
     * @return an empty batch that belongs to the calling thread
     * @throws IllegalArgumentException if {@code slots} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static ReceiveBatch open(int slots) throws SyscallException {
        return open(slots, SLOT_SIZE);
    }

    /**
     * Opens a batch that any thread may use while it holds a lock.
     *
     * @param slots how many messages one call can receive, 1 to 1,024
     * @param lock whoever holds it is the owner of the batch and of its datagrams
     * @return an empty batch
     * @throws IllegalArgumentException if {@code slots} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static ReceiveBatch open(int slots, ReentrantLock lock) throws SyscallException {
        return open(slots, SLOT_SIZE, Owner.holderOf(lock));
    }

    static ReceiveBatch open(int slots, int slotSize) throws SyscallException {
        return open(slots, slotSize, Owner.currentThread());
    }

    private static ReceiveBatch open(int slots, int slotSize, Owner owner) throws SyscallException {
        if (slots < 1 || slots > Linux.UIO_MAXIOV()) {
            throw new IllegalArgumentException("slots out of range: " + slots);
        }
        return new ReceiveBatch(Kernels.current(), slots, slotSize, owner);
    }

    /**
     * Sets the largest packet size. {@link #next} truncates longer datagrams to it, starting with the next datagram.
     *
     * @param bytes 0 to 65,535; it is 65,535 by default
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public void maxPacketSize(int bytes) {
        if (bytes < 0 || bytes > SLOT_SIZE) {
            throw new IllegalArgumentException("packet size out of range: " + bytes);
        }
        requireUsable();
        maxPacketSize = bytes;
    }

    /** {@return the number of slots: how many messages one call can receive} */
    public int slots() {
        return slots;
    }

    /** Receives up to {@code maxMessages} messages with one call. Returns how many it received, or {@code -errno}. */
    int receive(FileDescriptor fd, int maxMessages, Counters socketCounters) {
        requireUsable();
        fd.number();
        // The kernel reads the count as unsigned and limits it to 1,024, so a negative count would mean 1,024.
        if (maxMessages < 1) {
            throw new IllegalArgumentException("maxMessages must be at least 1: " + maxMessages);
        }
        endLoans();
        invalidate();
        counters = socketCounters;
        for (int i = 0; i < messages; i++) {
            headers.prepare(i, CONTROL_ROOM);
        }
        var event = SocketEvents.receiving();
        var result = fd.recvmmsg(headers.from(0), Math.min(maxMessages, slots), FLAGS);
        messages = Math.max(result, 0);
        if (event != null && messages > 0) {
            event.end();
            fill(event);
            SocketEvents.received(event, fd);
        }
        slot = -1;
        copied = 0;
        position = 0;
        whole = 0;
        counters.receiveCalls++;
        counters.messagesReceived += messages;
        return result;
    }

    private void fill(ReceiveEvent event) {
        event.messages = messages;
        for (int i = 0; i < messages; i++) {
            var length = headers.length(i);
            var arrived = Math.min(length, slotSize);
            event.bytes += arrived;
            event.datagrams += pieces(arrived, groSize(i, length));
        }
    }

    /**
     * Moves to the next datagram, in the order in which the datagrams were received.
     *
     * @return always the same cursor; null after the last datagram
     * @throws IllegalStateException if the batch is closed
     */
    public @Nullable Datagram next() {
        requireUsable();
        if (position >= copied && !openNextSlot()) {
            invalidate();
            return null;
        }
        var start = position;
        var original = Math.min(segmentSize, whole - start);
        var arrived = Math.min(original, copied - start);
        var length = Math.min(arrived, maxPacketSize);
        position = start + arrived;
        if (length < original) {
            counters.datagramsTruncated++;
        }
        datagram.moveTo(slotStart + start, length, original, generation);
        return datagram;
    }

    /** Moves to the start of the next slot. An empty datagram is a slot with one piece of 0 bytes. */
    private boolean openNextSlot() {
        if (slot + 1 >= messages) {
            slot = messages;
            return false;
        }
        slot++;
        forgetMetadata();
        slotStart = slot * slotStride;
        whole = headers.length(slot);
        copied = Math.min(whole, slotSize);
        position = 0;
        segmentSize = groSize(slot, whole);
        headers.loadName(slot, source);
        if (headers.hasFlag(slot, Linux.MSG_CTRUNC())) {
            counters.controlTruncated++;
        }
        var arrived = pieces(copied, segmentSize);
        counters.datagramsReceived += arrived;
        counters.bytesReceived += copied;
        counters.datagramsLostToTruncation += pieces(whole, segmentSize) - arrived;
        return true;
    }

    /** How many datagrams of a size a number of bytes holds; an empty datagram is one. */
    private static int pieces(int bytes, int size) {
        return bytes <= size ? 1 : (bytes + size - 1) / size;
    }

    /** The size that UDP_GRO reports for a message, or the length of the message if it is not coalesced. */
    private int groSize(int ofSlot, int length) {
        if (headers.controlLength(ofSlot) > 0) {
            reset(controlReader, ofSlot);
            while (controlReader.next()) {
                var size = MetadataDecoder.groSize(controlReader);
                if (size > 0) {
                    return size;
                }
            }
        }
        return length;
    }

    /** Positions a reader before the first control message of a slot. */
    private void reset(ControlReader reader, int ofSlot) {
        var length = Math.clamp(headers.controlLength(ofSlot), 0, CONTROL_ROOM);
        reader.reset(control, (long) ofSlot * CONTROL_ROOM, length);
    }

    /**
     * Returns a reader of the control messages that arrived with the message of the current datagram. All datagrams of
     * a coalesced message have the same ones.
     *
     * @return always the same reader, placed before the first control message; it is valid as long as the datagram
     * @throws IllegalStateException if there is no current datagram, or if the batch is closed
     */
    public ControlReader control() {
        requireUsable();
        if (slot < 0 || slot >= messages) {
            throw new IllegalStateException("there is no current datagram: call next() first");
        }
        reset(controlReader, slot);
        return controlReader;
    }

    /** The metadata of the current datagram's message. It is decoded at the first call for each message. */
    DatagramMetadata metadata() {
        if (decodedSlot != slot) {
            reset(decoder.control(), slot);
            decoder.read(metadata.fields, source, counters);
            decodedSlot = slot;
        }
        return metadata;
    }

    /**
     * A copy of that metadata. Copying does not count as reading: the next metadata that is read still counts the drops
     * since the last one that was read before the copy.
     */
    DatagramMetadata keptMetadata() {
        if (headers.controlLength(slot) == 0) {
            return DatagramMetadata.NONE;
        }
        if (decodedSlot == slot) {
            return metadata.copy();
        }
        var dropsReported = counters.dropsReported;
        var kept = metadata().copy();
        counters.dropsReported = dropsReported;
        forgetMetadata();
        return kept;
    }

    /** Throws unless the metadata is that of the current datagram's message, and the caller is the owner. */
    void requireMetadata() {
        if (!hasMetadata()) {
            throw new IllegalStateException(
                    "this metadata is gone, because the batch has moved on: call copy() earlier to keep it");
        }
        requireUsable();
    }

    boolean hasMetadata() {
        return decodedSlot == slot;
    }

    private void forgetMetadata() {
        if (decodedSlot != NO_SLOT) {
            decodedSlot = NO_SLOT;
            metadata.fields.clear();
        }
    }

    private void invalidate() {
        generation++;
        Struct.invalidate(source);
        forgetMetadata();
    }

    ByteBuffer buffer() {
        requireUsable();
        return buffer;
    }

    long generation() {
        return generation;
    }

    Lender lender() {
        return lender;
    }

    /** How many send batches may hold datagrams of this batch; for tests. */
    int borrowers() {
        return borrowers.size();
    }

    /** The payload that send batches borrow. */
    private final class Loans implements Lender {

        @Override
        public MemorySegment payload() {
            return payload;
        }

        @Override
        public boolean isWholeOfMany(long offset, int length) {
            return segmentSize < whole
                    && offset + length == slotStart + position
                    && (length == segmentSize || position == whole);
        }

        @Override
        public void requireUsable() {
            ReceiveBatch.this.requireUsable();
        }

        @Override
        public void lendTo(Outbox borrower) {
            borrowers.add(borrower);
        }
    }

    /** Called before the memory is overwritten or freed. */
    private void endLoans() {
        for (int i = 0; i < borrowers.size(); i++) {
            borrowers.get(i).endLoan();
        }
        borrowers.clear();
    }

    /** Throws if the caller is another thread or the batch is closed. Called before anything is changed. */
    private void requireUsable() {
        if (ownerThread == null) {
            owner.require();
        }
        control.get(JAVA_BYTE, 0);
    }

    /**
     * Throws if the batch has moved on since that generation, or if the caller is not the owner. Accessors call this
     * several times for each datagram, so it does not access the memory to find out whether the batch is closed:
     * closing moves the batch on, too.
     */
    void requireGeneration(long then) {
        if (then != generation) {
            throw new IllegalStateException(GONE);
        }
        if (Thread.currentThread() != ownerThread) {
            owner.require();
        }
    }

    /**
     * Frees the memory. The datagrams of the batch are gone. A second call does nothing.
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            requireUsable();
            endLoans();
            arena.close();
            invalidate();
        }
    }
}
