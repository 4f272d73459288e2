package dev.salvo.socket.internal.send;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.descriptor.MappedMemory;
import dev.salvo.socket.internal.send.Destinations.Destination;
import dev.salvo.socket.internal.send.Pieces.Piece;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of a {@code SendBatch}, joined into messages, and how far they have been sent.
 *
 * <p>
 * Payload lies in one region, one datagram behind the other. Payload of a receive batch may stay where it was received
 * for as long as that batch lends it; its place in the region is kept free for it.
 *
 * <p>
 * The region and the tables begin small, and double when they are full. After a send, the messages that were sent or
 * dropped are taken out if they are at least half: so an outbox that is never empty takes no more than four times what
 * was pending at most.
 *
 * <p>
 * While datagrams of one length go to one destination, their message is the open run: each further datagram is only
 * copied to the end of the region, or, if it is borrowed, must directly follow the previous one in memory. Counters are
 * updated once for the run, by {@link #account}.
 *
 * <p>
 * Any call in {@link #add} can throw StackOverflowError, since a protocol may recurse. So all calls for a datagram come
 * first, and change nothing that counts. Then one method without calls counts it: {@link #countBegun} or
 * {@link #countJoined}.
 */
public final class Outbox {

    /** The most datagrams in a message unless more is asked for: what every kernel with UDP_SEGMENT takes. */
    public static final int MAX_SEGMENTS = 64;
    /** The most that UDP's length field can hold, header included. */
    public static final int MAX_DATAGRAM = 65_535;
    /** The most bytes in a joined message; from 65,494 on the loopback device splits it in software. */
    public static final int MAX_JOINED_BYTES = 65_000;
    /** The least size of the region. */
    private static final int PAGE = 4096;
    /** The most messages of one sendmmsg (UIO_MAXIOV). */
    private static final int MAX_MESSAGES = 1024;
    /** The segment size of no run: no length is equal to it. */
    private static final int NO_SEGMENT = -1;
    /** The end of no run: smaller than any offset, so that no length fits, not even a negative one. */
    private static final int CLOSED = Integer.MIN_VALUE;

    /** Receives the datagrams that the kernel refused. */
    public interface Failures {

        void add(NativeAddress destination, int length, int errno);

        void clear();
    }

    private final Kernel kernel;
    private final int capacity;
    private final Failures failures;
    /** The owner, if it is the holder of a lock. A thread is checked by its arenas. */
    private final @Nullable Owner holder;
    private final Owner owner;
    private final Pieces pieces = new Pieces();
    private final Destinations destinations = new Destinations();
    private final BorrowedPayload borrowed = new BorrowedPayload(this);
    private Arena regionArena;
    private MemorySegment region;
    /**
     * The region for ByteBuffers, which can't be copied to a segment without another object; null until it is needed.
     */
    private @Nullable ByteBuffer regionBuffer;
    /** The bytes of the region. */
    private int regionSize;
    /** Where no datagram may begin or end unless it extends a run: the end of the region, or the capacity. */
    private int regionEnd;
    private OutgoingMessage[] messages = Growth.resized(
            new OutgoingMessage[0], Growth.capacity(0), OutgoingMessage::new);
    /** The payload of the lender; null if nothing may be borrowed. */
    private @Nullable MemorySegment lent;
    private boolean coalescing = true;
    private int maxSegments = MAX_SEGMENTS;
    private int count;
    private int pendingDatagrams;
    private long pendingBytes;
    /** How much of the region is taken. */
    private int used;
    /** The destination of the latest datagram. */
    private Destination last = Destination.NONE;

    /** The message of the open run; null if no run is open. */
    private @Nullable OutgoingMessage run;
    private int segment = NO_SEGMENT;
    /** Where the part of the run begins that is not yet counted. */
    private int runStart;
    /** How far the run may grow. */
    private int runEnd = CLOSED;
    private @Nullable ControlOptions runOptions;
    /** Where the next datagram of a borrowed run lies in what is lent; {@link Piece#NOT_BORROWED} for a copied run. */
    private long nextBorrowed = Piece.NOT_BORROWED;

    /** The arguments of sendmmsg: all messages, and the datagrams of one message that is sent one by one. */
    final MessageTable joined;
    final MessageTable single;
    /** Whether a message asks for a transmit timestamp, which the kernel puts into the error queue. */
    boolean stamped;
    /** Why the last send stopped early: EAGAIN, ENOBUFS or ENOMEM; 0 if it did not. */
    int stoppedBy;
    /** How often the first unsent message failed for lack of buffers. */
    int stopsOfHead;
    /** The error for which a message is sent one datagram at a time; 0 if the reason is a limit. */
    int joinedErrno;
    /** How many datagrams of that message the kernel has accepted. */
    int singlesTaken;

    /**
     * @param capacity bytes of payload after which no new message is begun
     * @throws SyscallException if the kernel refuses the memory
     */
    public Outbox(Kernel kernel, int capacity, Owner owner, Failures failures) throws SyscallException {
        this.kernel = kernel;
        this.capacity = capacity;
        this.failures = failures;
        this.owner = owner;
        this.holder = owner.thread() == null ? owner : null;
        joined = new MessageTable(borrowed, owner);
        single = new MessageTable(borrowed, owner);
        regionArena = owner.arena();
        regionSize = regionSize(0);
        regionEnd = Math.min(regionSize, capacity);
        try {
            region = MappedMemory.allocate(kernel, regionArena, regionSize);
        } catch (SyscallException e) {
            closeArenas();
            throw e;
        }
    }

    /** Throws, before anything is changed, if the caller is another thread or the arena is closed. */
    public void requireUsable() {
        requireHolder();
        region.get(JAVA_BYTE, 0);
    }

    private void requireHolder() {
        if (holder != null) {
            holder.require();
        }
    }

    public void coalescing(boolean on) {
        requireUsable();
        endRun();
        coalescing = on;
    }

    public void maxSegments(int most) {
        requireUsable();
        endRun();
        maxSegments = most;
    }

    /**
     * Adds a datagram. Returns whether there was room.
     *
     * @param payload a MemorySegment, a byte[] or a ByteBuffer
     * @param options null for none
     */
    public boolean add(Object payload, long offset, int length, NativeAddress address,
            @Nullable ControlOptions options) {
        requireHolder();
        // This is all the work for each datagram of a run. It is small and flat, since the JIT inlines at most fifteen
        // calls deep (MaxInlineLevel), and a copy alone takes seven.
        if (length == segment && used + length <= runEnd && last.is(address) && hasRunOptions(options)) {
            if (nextBorrowed == Piece.NOT_BORROWED) {
                copy(payload, offset, length);
                used += length;
                return true;
            }
            if (extendBorrowed(payload, offset, length)) {
                return true;
            }
        }
        return addAnywhere(payload, offset, length, address, options);
    }

    private boolean hasRunOptions(@Nullable ControlOptions options) {
        return options == runOptions || (options != null && options.equals(runOptions));
    }

    private void copy(Object payload, long offset, int length) {
        if (payload instanceof byte[] array) {
            MemorySegment.copy(array, (int) offset, region, JAVA_BYTE, used, length);
        } else if (payload instanceof MemorySegment memory) {
            MemorySegment.copy(memory, offset, region, used, length);
        } else {
            regionBuffer().put(used, (ByteBuffer) payload, (int) offset, length);
        }
    }

    private ByteBuffer regionBuffer() {
        var buffer = regionBuffer;
        if (buffer == null) {
            buffer = region.asByteBuffer();
            regionBuffer = buffer;
        }
        return buffer;
    }

    /** Extends a borrowed run, which only a datagram that directly follows it in memory can do. */
    // Compared by identity: another segment of the same memory may be writable.
    @SuppressWarnings("MemorySegmentReferenceEquality")
    private boolean extendBorrowed(Object payload, long offset, int length) {
        if (offset != nextBorrowed || payload != lent) {
            return false;
        }
        requireUsable();
        nextBorrowed += length;
        used += length;
        return true;
    }

    /** Adds a datagram that does not extend the open run. */
    @SuppressWarnings("MemorySegmentReferenceEquality") // as above
    private boolean addAnywhere(Object payload, long offset, int length, NativeAddress address,
            @Nullable ControlOptions options) {
        if (length > MAX_DATAGRAM) {
            throw new IllegalArgumentException("a datagram has at most 65,535 bytes, not " + length);
        }
        requireUsable();
        Struct.requireValid(address);
        if (isSpent()) {
            clear();
        }
        account();
        if ((used + length > regionEnd || count == messages.length || pieces.isTight()) && !makeRoom(length)) {
            return false;
        }
        var source = payload == lent ? borrowed.take(offset, length) : Piece.NOT_BORROWED;
        if (source == Piece.NOT_BORROWED) {
            copy(payload, offset, length);
        }
        if (!last.is(address)) {
            last = destinations.find(address);
        }
        put(length, source, options);
        return true;
    }

    /** Joins the payload at the end of the region to the latest message of its destination, or begins a message. */
    private void put(int length, long source, @Nullable ControlOptions options) {
        var message = last.latest;
        if (coalescing && message != null && message.accepts(length, maxSegments) && message.has(options)) {
            join(message, 1, used, length, source);
        } else {
            message = begin(length, source, options);
        }
        if (coalescing && message.open) {
            openRun(message, source == Piece.NOT_BORROWED ? source : source + length);
        }
    }

    private OutgoingMessage begin(int length, long source, @Nullable ControlOptions options) {
        var message = messages[count];
        var mayGrow = coalescing && length > 0 && (options == null || options.mayShare());
        message.start(last, pieces.next(used, length, source), length, mayGrow);
        var stamps = false;
        if (options != null) {
            message.with(options);
            stamps = options.has(ControlOptions.TRANSMIT_TIMESTAMP);
        }
        countBegun(message, length, stamps);
        return message;
    }

    private void countBegun(OutgoingMessage message, int length, boolean stamps) {
        count++;
        pieces.size++;
        message.destination.latest = message;
        stamped |= stamps;
        pendingDatagrams += message.datagrams;
        pendingBytes += length;
        used += length;
        run = null;
        segment = NO_SEGMENT;
        runEnd = CLOSED;
        runOptions = null;
        nextBorrowed = Piece.NOT_BORROWED;
    }

    /** Joins the bytes at {@code start} of the region to a message. */
    private void join(OutgoingMessage message, int datagrams, int start, int bytes, long source) {
        var piece = message.last.isFollowedBy(start, source) ? null : pieces.next(start, bytes, source);
        countJoined(message, datagrams, bytes, piece, start + bytes);
    }

    /**
     * Counts datagrams that join a message.
     *
     * @param piece the piece that they are in; null if they lengthen the last one of the message
     * @param end how much of the region is taken with them
     */
    private void countJoined(OutgoingMessage message, int datagrams, int bytes, @Nullable Piece piece, int end) {
        // The only call comes first.
        message.join(datagrams, bytes);
        if (piece == null) {
            message.last.length += bytes;
        } else {
            pieces.size++;
            message.last.next = piece;
            message.last = piece;
        }
        pendingDatagrams += datagrams;
        pendingBytes += bytes;
        used = end;
        run = null;
        segment = NO_SEGMENT;
        runEnd = CLOSED;
        runOptions = null;
        nextBorrowed = Piece.NOT_BORROWED;
    }

    /** Makes room in the region and in the tables for a further message, unless the outbox is full. Closes the run. */
    private boolean makeRoom(int length) {
        closeRun();
        if (used + length > capacity || pieces.isFull() || count == MAX_MESSAGES) {
            return false;
        }
        if (count == messages.length) {
            messages = Growth.resized(messages, count * 2, OutgoingMessage::new);
        }
        if (pieces.isTight()) {
            pieces.resize(pieces.size * 2);
        }
        if (used + length > regionEnd) {
            resizeRegion(used + length);
        }
        return true;
    }

    /** Makes the places of sent and dropped messages free again, if they are at least half. */
    void reclaim() {
        if (joined.next > 0 && joined.next < count
                && (pendingBytes <= used / 2 || count - joined.next <= count / 2)) {
            endRun();
            compact();
        }
    }

    /** Takes out the messages that were sent or dropped. No run may be open. */
    private void compact() {
        int sent = joined.next;
        for (int i = 0; i < sent; i++) {
            var message = messages[i];
            for (var piece = message.first; piece != null; piece = piece.next) {
                piece.length = Piece.GONE;
            }
            if (message.destination.latest == message) {
                message.destination.latest = null;
            }
        }
        count -= sent;
        for (int i = 0; i < count; i++) {
            var message = messages[sent + i];
            messages[sent + i] = messages[i];
            messages[i] = message;
        }
        used = pieces.compact(region);
        destinations.compact();
        last = Destination.NONE;
        joined.clear();
        describeSingleAgain();
    }

    /**
     * The size of the region for a number of bytes. A run that begins before the capacity may end behind it: so a
     * smaller region has room for a whole message before the capacity.
     */
    private int regionSize(long bytes) {
        var size = Growth.powerOfTwo(Math.max(PAGE, bytes));
        return size + MAX_JOINED_BYTES <= capacity ? (int) size : capacity + MAX_JOINED_BYTES;
    }

    private void resizeRegion(long bytes) {
        var arena = owner.arena();
        int size = regionSize(bytes);
        MemorySegment memory;
        try {
            memory = MappedMemory.allocate(kernel, arena, size);
        } catch (SyscallException e) {
            arena.close();
            throw new UncheckedIOException("no memory for a send batch", e);
        }
        pieces.copy(region, memory);
        var old = regionArena;
        regionArena = arena;
        region = memory;
        regionBuffer = null;
        regionSize = size;
        regionEnd = Math.min(size, capacity);
        describeSingleAgain();
        old.close();
    }

    /** Frees the memory that the pending datagrams don't need. If none are pending, the outbox is cleared. */
    public void trim() {
        requireUsable();
        endRun();
        if (isSpent()) {
            clear();
        }
        if (regionSize(pendingBytes) < regionSize / 2
                || Growth.capacity(count - joined.next) < messages.length / 2
                || Growth.capacity(pendingDatagrams) < pieces.capacity() / 2) {
            compact();
            messages = Growth.resized(messages, Growth.capacity(count), OutgoingMessage::new);
            pieces.resize(Growth.capacity(pieces.size));
            destinations.resize(Growth.capacity(destinations.size()));
            joined.release();
            if (single.isEmpty()) {
                single.release();
            }
            try {
                resizeRegion(used);
            } catch (UncheckedIOException e) {
                // The kernel refuses the smaller memory: the larger one stays.
            }
        }
    }

    private void openRun(OutgoingMessage message, long borrowedFrom) {
        var room = Math.min(message.room(maxSegments), regionSize - used);
        var end = used + (borrowedFrom == Piece.NOT_BORROWED ? room : borrowed.room(borrowedFrom, room));
        run = message;
        segment = message.segmentSize;
        runStart = used;
        runOptions = message.options;
        nextBorrowed = borrowedFrom;
        runEnd = end;
    }

    private void closeRun() {
        run = null;
        segment = NO_SEGMENT;
        runEnd = CLOSED;
        runOptions = null;
        nextBorrowed = Piece.NOT_BORROWED;
    }

    private void endRun() {
        if (run != null) {
            requireUsable();
            account();
            closeRun();
        }
    }

    /** Counts the datagrams that were added to the open run, if there are any, and closes it then. */
    private void account() {
        var bytes = used - runStart;
        if (run != null && bytes > 0) {
            var source = nextBorrowed == Piece.NOT_BORROWED ? nextBorrowed : nextBorrowed - bytes;
            join(run, bytes / segment, runStart, bytes, source);
        }
    }

    /** From now on payload of this lender may be borrowed. Payload still borrowed from a former lender is copied. */
    public void borrowFrom(Lender lender) {
        requireUsable();
        endLoan();
        borrowed.lender(lender);
        lent = lender.payload();
    }

    /** Copies payload that is borrowed and not yet sent, since its memory is about to be reused. */
    public void endLoan() {
        endRun();
        if (borrowed.end(pieces, region)) {
            describeSingleAgain();
        }
    }

    /** Called after the payload of pending datagrams was moved. */
    private void describeSingleAgain() {
        if (!single.isEmpty()) {
            int next = single.next;
            describeSingle();
            single.next = next;
        }
    }

    /** Whether everything was sent or failed. */
    private boolean isSpent() {
        return run == null && count > 0 && joined.next == count;
    }

    public void clear() {
        requireUsable();
        failures.clear();
        destinations.clear();
        forget();
    }

    /** Calls nothing, as {@link #countBegun}. */
    private void forget() {
        last = Destination.NONE;
        count = 0;
        used = 0;
        pieces.size = 0;
        joined.next = 0;
        joined.end = 0;
        single.next = 0;
        single.end = 0;
        stamped = false;
        pendingDatagrams = 0;
        pendingBytes = 0;
        stoppedBy = 0;
        stopsOfHead = 0;
        run = null;
        segment = NO_SEGMENT;
        runEnd = CLOSED;
        runOptions = null;
        nextBorrowed = Piece.NOT_BORROWED;
    }

    /**
     * Puts all messages that are not yet sent into {@link #joined}.
     *
     * @param unsplit whether the socket has a UDP_SEGMENT of its own, which must not split the datagrams
     */
    void describeJoined(boolean unsplit) {
        endRun();
        joined.unsplit(unsplit);
        single.unsplit(unsplit);
        joined.rewind();
        joined.reserve(count, pieces.size);
        for (int i = joined.next; i < count; i++) {
            joined.putWhole(messages[i], region);
        }
    }

    /** From now on the first unsent message is sent one datagram at a time. */
    void splitHead(int errno) {
        joinedErrno = errno;
        singlesTaken = 0;
        describeSingle();
    }

    private void describeSingle() {
        var message = head();
        message.open = false;
        single.reserve(message.datagrams, message.datagrams);
        single.clear();
        single.putOneByOne(message, region);
    }

    /** The table that is sent next. */
    MessageTable current() {
        return single.isEmpty() ? joined : single;
    }

    OutgoingMessage message(int index) {
        return messages[index];
    }

    /** The first message that is not yet sent. */
    OutgoingMessage head() {
        return messages[joined.next];
    }

    /** Gives up the first datagram of the first unsent message, which the kernel refuses. */
    void fail(int length, int errno) {
        var message = head();
        message.open = false;
        failures.add(message.destination.address, length, errno);
    }

    public int stoppedBy() {
        return stoppedBy;
    }

    public int pendingDatagrams() {
        endRun();
        return pendingDatagrams;
    }

    public long pendingBytes() {
        endRun();
        return pendingBytes;
    }

    /** Gives up the first unsent message, or the rest of it. Returns how many datagrams were given up. */
    public int dropHead() {
        requireUsable();
        endRun();
        stopsOfHead = 0;
        if (joined.next == count) {
            return 0;
        }
        var message = head();
        message.open = false;
        int datagrams = message.datagrams;
        int bytes = message.bytes;
        if (!single.isEmpty()) {
            datagrams = single.end - single.next;
            for (int i = 0; i < single.next; i++) {
                bytes -= message.length(i);
            }
            single.clear();
        }
        joined.next++;
        settle(datagrams, bytes);
        reclaim();
        return datagrams;
    }

    /** Takes datagrams that are no longer pending out of the counters. */
    void settle(int datagrams, int bytes) {
        pendingDatagrams -= datagrams;
        pendingBytes -= bytes;
    }

    /** Frees the memory and drops the datagrams that are not yet sent. A second call does nothing. */
    public void close() {
        if (regionArena.scope().isAlive()) {
            clear();
            closeArenas();
        }
    }

    private void closeArenas() {
        joined.close();
        single.close();
        regionArena.close();
    }
}
