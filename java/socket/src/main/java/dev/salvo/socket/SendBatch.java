package dev.salvo.socket;

import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.MappedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to send, copied in one after the other and joined into as few messages as the kernel needs.
 *
 * <p>Datagrams to the same destination and of the same size become one message with UDP_SEGMENT, also when other
 * destinations come between; a shorter one may end it. The kernel's stack is then walked once for up to
 * {@link #MAX_SEGMENTS} datagrams, which is where nearly all of the time goes otherwise. Payloads and their order for
 * each destination are what they would be without.
 *
 * <p>{@link UdpSocket#send} sends it and says what became of it; after a send that stopped early the batch holds the
 * rest, takes more, and is sent again. One batch serves any number of sockets of its thread, one after the other.
 */
public final class SendBatch implements AutoCloseable {

    /** The most datagrams in a message: what every kernel with UDP_SEGMENT takes (UDP_MAX_SEGMENTS). */
    static final int MAX_SEGMENTS = 64;
    /** The most bytes in a joined message; from 65,494 on the loopback device takes it apart in software. */
    static final int MAX_JOINED_BYTES = 65_000;

    private static final int MAX_DATAGRAM = 65_535;
    /** What one sendmmsg takes (UIO_MAXIOV). */
    private static final int MAX_MESSAGES = 1024;

    private static final int MAX_PIECES = 4096;
    /** Small enough to stay in a core's own cache between the copy in and the kernel's copy out. */
    private static final int DEFAULT_CAPACITY = 256 * 1024;

    private static final int NO_PIECE = -1;
    /** Equal to the address of a destination that has none. */
    private static final SockAddr CONNECTED = SockAddr.view();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment region;
    private final int capacity;
    private final int[] pieceOffset = new int[MAX_PIECES];
    private final int[] pieceLength = new int[MAX_PIECES];
    private final int[] pieceNext = new int[MAX_PIECES];
    private final OutgoingMessage[] messages = new OutgoingMessage[MAX_MESSAGES];
    private final DestinationTable destinations = new DestinationTable(MAX_MESSAGES);
    private final List<SendFailure> failures = new ArrayList<>();
    /** The messages, and the datagrams of one message that goes one by one. */
    private final MessageTable joined;
    private final MessageTable single;

    private Destination last = Destination.NONE;
    private boolean coalescing = true;
    private int used;
    private int pieces;
    private int count;
    private int pendingDatagrams;
    private long pendingBytes;
    private int stoppedBy;
    /** Of the message whose datagrams go one by one: why they do (0: it was held back), and how many were taken. */
    int joinedErrno;

    int singlesTaken;

    private SendBatch(Kernel kernel, int capacity) throws SyscallException {
        this.capacity = capacity;
        region = MappedMemory.allocate(kernel, arena, capacity);
        joined = new MessageTable(arena, region, MAX_MESSAGES, MAX_PIECES);
        single = new MessageTable(arena, region, MAX_SEGMENTS, MAX_SEGMENTS);
        Arrays.setAll(messages, i -> new OutgoingMessage());
    }

    /**
     * An empty batch for 256 KiB of payload.
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
     * @param capacity bytes of payload, 65,535 to 1 GiB
     * @return a batch that belongs to the calling thread
     * @throws IllegalArgumentException if {@code capacity} is out of range
     * @throws SyscallException if the kernel refuses the memory
     */
    public static SendBatch open(int capacity) throws SyscallException {
        if (capacity < MAX_DATAGRAM || capacity > 1 << 30) {
            throw new IllegalArgumentException("capacity out of range: " + capacity);
        }
        return new SendBatch(Kernels.current(), capacity);
    }

    /**
     * Switches joining on, as it is at first, or off, for the datagrams that are added from now on.
     *
     * @param on whether datagrams may share a message
     */
    public void coalescing(boolean on) {
        coalescing = on;
    }

    /**
     * Adds a received datagram.
     *
     * @param datagram its payload is copied
     * @param destination where to, often {@code datagram.source()}; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalStateException if the datagram or the batch is gone
     */
    public boolean add(Datagram datagram, @Nullable SockAddr destination) {
        return add(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * Adds a datagram. Whether its length and its family suit the socket shows when it is sent.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over 65,535
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(MemorySegment payload, long offset, int length, @Nullable SockAddr destination) {
        if (length > MAX_DATAGRAM) {
            throw new IllegalArgumentException("no datagram is " + length + " bytes long");
        }
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        if (joined.next == count && count > 0) {
            clear();
        }
        if (length > capacity - used || pieces == MAX_PIECES || count == MAX_MESSAGES) {
            return false;
        }
        MemorySegment.copy(payload, offset, region, used, length);
        var to = find(destination == null ? CONNECTED : destination.requireValid(), 0);
        var message = to.latest;
        if (coalescing && message != null && message.accepts(length)) {
            append(message, length);
        } else {
            message = messages[count++];
            message.start(to, piece(length), length, coalescing && length > 0);
            to.latest = message;
        }
        used += length;
        pendingDatagrams++;
        pendingBytes += length;
        return true;
    }

    private Destination find(SockAddr address, int options) {
        if (count == 0 || !last.is(address, options)) {
            last = destinations.find(address, options);
        }
        return last;
    }

    private void append(OutgoingMessage message, int length) {
        var tail = message.lastPiece;
        if (pieceOffset[tail] + pieceLength[tail] == used) {
            pieceLength[tail] += length;
        } else {
            var piece = piece(length);
            pieceNext[tail] = piece;
            message.lastPiece = piece;
        }
        message.join(length);
    }

    private int piece(int length) {
        pieceOffset[pieces] = used;
        pieceLength[pieces] = length;
        pieceNext[pieces] = NO_PIECE;
        return pieces++;
    }

    /**
     * Drops everything, failures included.
     *
     * @throws IllegalStateException if the batch is closed
     */
    public void clear() {
        destinations.clear();
        last = Destination.NONE;
        joined.clear();
        single.clear();
        failures.clear();
        used = 0;
        pieces = 0;
        count = 0;
        pendingDatagrams = 0;
        pendingBytes = 0;
        stoppedBy = 0;
    }

    /**
     * How many datagrams are still to be sent.
     *
     * @return 0 if all were sent or failed
     */
    public int pendingDatagrams() {
        return pendingDatagrams;
    }

    /**
     * The payload that is still to be sent.
     *
     * @return bytes
     */
    public long pendingBytes() {
        return pendingBytes;
    }

    /**
     * Why the last send stopped before the end.
     *
     * @return EAGAIN: send again when the socket is writable; ENOBUFS or ENOMEM: after a while, since the socket stays
     *     writable meanwhile; 0: it did not stop
     */
    public int stoppedBy() {
        return stoppedBy;
    }

    /**
     * The datagrams that the kernel refused, in order, since the batch was last empty.
     *
     * @return a view that the next send or add changes
     */
    public List<SendFailure> failures() {
        return failures;
    }

    // What follows is for SendRun, which sends a batch and keeps its accounts.

    MessageTable joined() {
        return joined;
    }

    MessageTable single() {
        return single;
    }

    OutgoingMessage message(int index) {
        return messages[index];
    }

    void stoppedBy(int errno) {
        stoppedBy = errno;
    }

    /** Describes to the kernel all messages that are not sent yet. */
    void describeJoined() {
        joined.rewind();
        for (int i = joined.next; i < count; i++) {
            var message = messages[i];
            int vectors = 0;
            for (int p = message.firstPiece; p != NO_PIECE; p = pieceNext[p]) {
                joined.vector(pieceOffset[p], pieceLength[p]);
                vectors++;
            }
            joined.put(message.destination, vectors, message.datagrams > 1 ? message.segmentSize : 0);
        }
    }

    /** Describes to the kernel the datagrams of the first message that is not sent yet, one by one. */
    void describeSingle() {
        var message = messages[joined.next];
        message.open = false;
        single.clear();
        int done = 0;
        for (int p = message.firstPiece; p != NO_PIECE; p = pieceNext[p]) {
            int length;
            for (int at = 0; at < pieceLength[p]; at += length) {
                length = message.length(done++);
                single.vector(pieceOffset[p] + at, length);
                single.put(message.destination, 1, 0);
            }
        }
    }

    void failed(OutgoingMessage message, int length, int errno) {
        var address = message.destination.address;
        failures.add(new SendFailure(address.equals(CONNECTED) ? null : address.copy(), length, errno));
    }

    /** Takes so many datagrams off what is pending. */
    void settle(int datagrams, int bytes) {
        pendingDatagrams -= datagrams;
        pendingBytes -= bytes;
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
