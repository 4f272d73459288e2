package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.cmsg.ControlReader;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory to receive into: slots for one recvmmsg, laid out once, and a cursor over the datagrams that came.
 *
 * <p>A slot takes one message of the kernel's, of up to 65,535 bytes. With GRO that is up to 64 datagrams and more,
 * which {@link #next()} takes apart by the size that the kernel told with the message: whether or not this program
 * switched GRO on, since an adopted descriptor may have it on. A page that no datagram reached costs no memory.
 *
 * <p>One batch serves any number of sockets of its thread, one after the other.
 */
public final class ReceiveBatch implements AutoCloseable {

    /** How many messages one call receives unless told otherwise. */
    public static final int DEFAULT_SLOTS = 64;

    /** The largest message that UDP has, so that nothing is cut. */
    static final int SLOT_SIZE = 65_535;
    private static final int FLAGS = Linux.MSG_DONTWAIT() | Linux.MSG_TRUNC();

    private final Thread owner = Thread.currentThread();
    private final Arena arena = Arena.ofConfined();
    private final int slots;
    private final int slotSize;
    private final ReceiveSlots memory;
    private final ReceivedControl control;
    /** Who may hold datagrams that they have not copied yet. */
    final List<MessageStore> borrowers = new ArrayList<>();
    private final SockAddr source = SockAddr.view();
    private final Datagram datagram;

    private int maxPacketSize = SLOT_SIZE;
    private Counters counters = new Counters();
    private long generation;
    /** Messages received, and the slot that is being walked. */
    private int messages;
    private int slot;
    /** The current slot: where it begins, what the kernel copied and what it had, and how far the walk is. */
    private long slotStart;
    private int copied;
    private int real;
    private int stride;
    private int position;

    private ReceiveBatch(Kernel kernel, int slots, int slotSize) throws SyscallException {
        this.slots = slots;
        this.slotSize = slotSize;
        this.memory = new ReceiveSlots(kernel, arena, slots, slotSize);
        this.control = new ReceivedControl(this, memory.headers, slots, arena);
        this.datagram = new Datagram(this, memory.payload, source);
    }

    /**
     * A batch of {@link #DEFAULT_SLOTS} slots.
     *
     * @return an empty batch that belongs to the calling thread
     * @throws SyscallException if the kernel refuses the memory
     */
    public static ReceiveBatch open() throws SyscallException {
        return open(DEFAULT_SLOTS);
    }

    /**
     * A batch of so many slots.
     *
     * @param slots 1 to 1024, which is how many messages one system call takes
     * @return an empty batch that belongs to the calling thread
     * @throws IllegalArgumentException if {@code slots} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static ReceiveBatch open(int slots) throws SyscallException {
        return open(slots, SLOT_SIZE);
    }

    static ReceiveBatch open(int slots, int slotSize) throws SyscallException {
        if (slots < 1 || slots > Linux.UIO_MAXIOV()) {
            throw new IllegalArgumentException("slots out of range: " + slots);
        }
        return new ReceiveBatch(Kernels.current(), slots, slotSize);
    }

    /**
     * Cuts every datagram to so many bytes, from the one that {@link #next} gives next.
     *
     * @param bytes 0 to 65,535, where it begins
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public void maxPacketSize(int bytes) {
        if (bytes < 0 || bytes > SLOT_SIZE) {
            throw new IllegalArgumentException("packet size out of range: " + bytes);
        }
        requireUsable();
        maxPacketSize = bytes;
    }

    /**
     * How many messages it can take at once.
     *
     * @return the number of slots
     */
    public int slots() {
        return slots;
    }

    /** Receives up to so many messages with one call: their number, or {@code -errno}. */
    int receive(FileDescriptor fd, int maxMessages, Counters socketCounters) {
        requireUsable();
        fd.number();
        // The kernel takes the count as unsigned, and believes up to 1,024.
        if (maxMessages < 1) {
            throw new IllegalArgumentException("a receive takes at least one message, not " + maxMessages);
        }
        endLoans();
        invalidate();
        counters = socketCounters;
        memory.reset(messages);
        var event = SocketEvents.receiving();
        var result = fd.recvmmsg(memory.headers, Math.min(maxMessages, slots), FLAGS);
        messages = Math.max(result, 0);
        if (event != null && messages > 0) {
            SocketEvents.received(event, fd, messages, slotSize, control);
        }
        slot = -1;
        copied = 0;
        position = 0;
        real = 0;
        counters.receiveCalls++;
        counters.messagesReceived += messages;
        return result;
    }

    /**
     * Moves on to the next datagram, in the order in which they came.
     *
     * @return always the same cursor; null after the last one
     * @throws IllegalStateException if the batch is closed
     */
    public @Nullable Datagram next() {
        requireUsable();
        if (position >= copied && !openNextSlot()) {
            invalidate();
            return null;
        }
        var start = position;
        var whole = Math.min(stride, real - start);
        var here = Math.min(whole, copied - start);
        var length = Math.min(here, maxPacketSize);
        position = start + here;
        if (length < whole) {
            counters.datagramsTruncated++;
        }
        datagram.moveTo(slotStart + start, length, whole, generation);
        return datagram;
    }

    /** Positions the walk at the start of the next slot; an empty datagram is a slot with one piece of 0 bytes. */
    private boolean openNextSlot() {
        if (slot + 1 >= messages) {
            slot = messages;
            return false;
        }
        slot++;
        control.forget();
        slotStart = slot * memory.stride;
        real = control.messageLength(slot);
        copied = Math.min(real, slotSize);
        position = 0;
        stride = control.segmentSize(slot, real);
        source.load(memory.names, (long) slot * SockAddr.ROOM);
        if (control.isTruncated(slot)) {
            counters.controlTruncated++;
        }
        var arrived = pieces(copied, stride);
        counters.datagramsReceived += arrived;
        counters.bytesReceived += copied;
        counters.datagramsLostToTruncation += pieces(real, stride) - arrived;
        return true;
    }

    /** Datagrams in so many bytes, of which an empty one is one too. */
    static int pieces(int bytes, int size) {
        return bytes <= size ? 1 : (bytes + size - 1) / size;
    }

    /**
     * Starts the walk over the control messages of the message that the current datagram came in: one for all datagrams
     * of a coalesced message.
     *
     * @return always the same reader, before the first control message, valid as long as the datagram
     * @throws IllegalStateException if there is no current datagram
     */
    public ControlReader control() {
        requireUsable();
        if (slot < 0 || slot >= messages) {
            throw new IllegalStateException("no datagram");
        }
        return control.reader(slot);
    }

    /** Of the message of the current datagram, which there is. */
    DatagramMetadata metadata() {
        return control.metadata(slot, source, counters);
    }

    /** The same, to keep. */
    DatagramMetadata keptMetadata() {
        return control.kept(slot, source, counters);
    }

    /** Throws if the metadata is not that of the message of the current datagram, or if the caller is not the owner. */
    void requireShown() {
        if (!shows()) {
            throw new IllegalStateException("this metadata's datagram is gone: copy() keeps it");
        }
        requireUsable();
    }

    boolean shows() {
        return control.shows(slot);
    }

    private void invalidate() {
        generation++;
        source.invalidate();
        control.forget();
    }

    long generation() {
        return generation;
    }

    /** Read-only, and what {@link Datagram#segment} shows. */
    MemorySegment payload() {
        return memory.payload;
    }

    /** Whether these bytes are the whole current datagram, of a message that holds others, too. */
    boolean isWholeOfMany(long offset, int length) {
        return stride < real
                && offset + length == slotStart + position
                && (length == stride || position == real);
    }

    /** Before the memory is written to again, or is gone. */
    private void endLoans() {
        for (int i = 0; i < borrowers.size(); i++) {
            borrowers.get(i).endLoan();
        }
        borrowers.clear();
    }

    /** Throws what the package promises, before anything is changed: access to confined memory does. */
    void requireUsable() {
        memory.headers.get(JAVA_BYTE, 0);
    }

    /**
     * Throws if the batch has moved on since, or if the caller is not the owner. Asked several times for each datagram,
     * so the memory is not: a batch that is closed has moved on.
     */
    void requireGeneration(long then) {
        if (then != generation) {
            throw new IllegalStateException("this datagram is gone: copy() keeps one");
        }
        if (Thread.currentThread() != owner) {
            requireUsable();
        }
    }

    /**
     * Gives the memory back. What its datagrams showed is gone. A second call does nothing.
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
