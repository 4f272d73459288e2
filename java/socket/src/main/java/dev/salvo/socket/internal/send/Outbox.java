package dev.salvo.socket.internal.send;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.send.Destinations.Destination;
import dev.salvo.socket.internal.send.Pieces.Piece;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of a {@code SendBatch}, joined into messages, and how far they have been sent.
 *
 * <p>
 * Payload lies in one region that only grows. Payload of a receive batch may stay where it was received for as long as
 * that batch lends it; its place in the region is kept free for it.
 *
 * <p>
 * While datagrams of one length go to one destination, their message is the open run: each further datagram is only
 * copied to the end of the region, or, if it is borrowed, must directly follow the previous one in memory. Counters are
 * updated once for the run, by {@link #account}.
 */
public final class Outbox {

    /** The most datagrams in a message unless more is asked for: what every kernel with UDP_SEGMENT takes. */
    public static final int MAX_SEGMENTS = 64;
    /** The most that UDP's length field can hold, header included. */
    public static final int MAX_DATAGRAM = 65_535;
    /** The most bytes in a joined message; from 65,494 on the loopback device splits it in software. */
    public static final int MAX_JOINED_BYTES = 65_000;
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

    private final MemorySegment region;
    private final int capacity;
    private final Failures failures;
    private final Pieces pieces = new Pieces();
    private final OutgoingMessage[] messages = new OutgoingMessage[MAX_MESSAGES];
    private final Destinations destinations = new Destinations(MAX_MESSAGES);
    private final BorrowedPayload borrowed = new BorrowedPayload(this);
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

    /** @param region {@link #MAX_JOINED_BYTES} larger than the capacity, so that its end does not limit a run */
    public Outbox(Arena arena, MemorySegment region, int capacity, Failures failures) {
        this.region = region;
        this.capacity = capacity;
        this.failures = failures;
        joined = new MessageTable(arena, region, borrowed, MAX_MESSAGES, Pieces.CAPACITY);
        single = new MessageTable(arena, region, borrowed, SegmentProbe.MOST, SegmentProbe.MOST);
        Arrays.setAll(messages, i -> new OutgoingMessage());
    }

    /** Throws, before anything is changed, if the caller is another thread or the arena is closed. */
    public void requireUsable() {
        region.get(JAVA_BYTE, 0);
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
     * @param payload a MemorySegment or a byte[]
     * @param options null for none
     */
    public boolean add(Object payload, long offset, int length, NativeAddress address,
            @Nullable ControlOptions options) {
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
        } else {
            MemorySegment.copy((MemorySegment) payload, offset, region, used, length);
        }
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
        if (length > capacity - used || pieces.isFull() || count == MAX_MESSAGES) {
            closeRun();
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
            message.last = pieces.append(message.last, used, length, source);
            message.join(length);
            pendingDatagrams++;
        } else {
            message = begin(length, source, options);
            pendingDatagrams += message.datagrams;
        }
        used += length;
        pendingBytes += length;
        if (coalescing && message.open) {
            openRun(message, source == Piece.NOT_BORROWED ? source : source + length);
        } else {
            closeRun();
        }
    }

    private OutgoingMessage begin(int length, long source, @Nullable ControlOptions options) {
        var message = messages[count++];
        var mayGrow = coalescing && length > 0 && (options == null || options.mayShare());
        message.start(last, pieces.add(used, length, source), length, mayGrow);
        if (options != null) {
            message.with(options);
            stamped |= options.has(ControlOptions.TRANSMIT_TIMESTAMP);
        }
        last.latest = message;
        return message;
    }

    private void openRun(OutgoingMessage message, long borrowedFrom) {
        run = message;
        segment = message.segmentSize;
        runStart = used;
        runOptions = message.options;
        nextBorrowed = borrowedFrom;
        var room = message.room(maxSegments);
        runEnd = used + (borrowedFrom == Piece.NOT_BORROWED ? room : borrowed.room(borrowedFrom, room));
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

    /** Counts the datagrams that were added to the open run since the last call. */
    private void account() {
        var bytes = used - runStart;
        if (run != null && bytes > 0) {
            var datagrams = bytes / segment;
            run.grow(datagrams, bytes);
            var source = nextBorrowed == Piece.NOT_BORROWED ? nextBorrowed : nextBorrowed - bytes;
            run.last = pieces.append(run.last, runStart, bytes, source);
            pendingDatagrams += datagrams;
            pendingBytes += bytes;
            runStart = used;
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
        if (borrowed.end(pieces, region) && !single.isEmpty()) {
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
        closeRun();
        last = Destination.NONE;
        destinations.clear();
        pieces.clear();
        joined.clear();
        single.clear();
        stamped = false;
        used = 0;
        count = 0;
        pendingDatagrams = 0;
        pendingBytes = 0;
        stoppedBy = 0;
        stopsOfHead = 0;
        failures.clear();
    }

    /** Puts all messages that are not yet sent into {@link #joined}. */
    void describeJoined() {
        endRun();
        joined.rewind();
        for (int i = joined.next; i < count; i++) {
            joined.putWhole(messages[i]);
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
        single.clear();
        single.putOneByOne(message);
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
        return datagrams;
    }

    /** Takes datagrams that are no longer pending out of the counters. */
    void settle(int datagrams, int bytes) {
        pendingDatagrams -= datagrams;
        pendingBytes -= bytes;
    }
}
