package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SendBatch} holds: payload in one region that only grows, and the messages that it is joined into.
 * Payload that lies in a receive batch may stay there for as long as that lends it; it has its place in the region all
 * the same.
 */
final class MessageStore {

    /** What one sendmmsg takes (UIO_MAXIOV). */
    private static final int MAX_MESSAGES = 1024;

    private final MemorySegment region;
    private final int capacity;
    private final Pieces pieces = new Pieces();
    private final OutgoingMessage[] messages = new OutgoingMessage[MAX_MESSAGES];
    private final DestinationTable destinations = new DestinationTable(MAX_MESSAGES);
    /** What the kernel is told: all messages, and the datagrams of one that goes one by one. */
    final MessageTable joined;

    final MessageTable single;

    /** Where the last datagram went. */
    private Destination last = Destination.NONE;

    private final Run run = new Run();
    private final Loan loan = new Loan(this);
    private final Description description;

    /** Whether a message is to be stamped, so that each brings an entry of the error queue. */
    boolean stamped;

    private boolean coalescing = true;
    private int maxSegments = SendBatch.MAX_SEGMENTS;
    private int used;
    private int count;
    private int pendingDatagrams;
    private long pendingBytes;

    /** @param region {@link SendBatch#MAX_JOINED_BYTES} larger than the capacity, so that no run is cut at its end */
    MessageStore(Arena arena, MemorySegment region, int capacity) {
        this.region = region;
        this.capacity = capacity;
        description = new Description(region, pieces, loan);
        joined = new MessageTable(arena, MAX_MESSAGES, Pieces.capacity());
        single = new MessageTable(arena, SegmentProbe.MOST, SegmentProbe.MOST);
        Arrays.setAll(messages, i -> new OutgoingMessage());
    }

    /** Throws what the package promises, before anything is changed: access to confined memory does. */
    void requireUsable() {
        region.get(JAVA_BYTE, 0);
    }

    void coalescing(boolean on) {
        requireUsable();
        endRun();
        coalescing = on;
    }

    void maxSegments(int most) {
        requireUsable();
        endRun();
        maxSegments = most;
    }

    /**
     * Adds a {@link Payload} without options that goes on with the run, whose address was checked: whether it does. For
     * each datagram this is all that there is to do, as a rule, so it is kept small and flat: the JIT inlines fifteen
     * calls deep (MaxInlineLevel), and a copy alone is seven.
     */
    boolean extend(Object payload, long offset, int length, SockAddr address) {
        if (length != run.segment
                || used + length > run.end
                || !last.is(address)
                || !run.goesOn(payload, offset, loan)) {
            return false;
        }
        if (run.isBorrowed()) {
            requireUsable();
            run.skip(length);
        } else if (payload instanceof byte[] array) {
            MemorySegment.copy(array, (int) offset, region, JAVA_BYTE, used, length);
        } else {
            MemorySegment.copy((MemorySegment) payload, offset, region, used, length);
        }
        used += length;
        return true;
    }

    /** Whether there was room for what {@link #extend} did not take; options are null or not empty. */
    boolean add(Object payload, long offset, int length, SockAddr address, @Nullable SendOptions options) {
        if (options != null
                && length == run.segment
                && used + length <= run.endWithOptions
                && options.equals(run.options)
                && last.is(address)
                && run.goesOn(payload, offset, loan)) {
            take(payload, offset, length);
            return true;
        }
        return addAnywhere(payload, offset, length, address, options);
    }

    private void take(Object payload, long offset, int length) {
        if (run.isBorrowed()) {
            requireUsable();
            run.skip(length);
        } else {
            Payload.copy(payload, offset, region, used, length);
        }
        used += length;
    }

    /** See {@link SendBatch#borrowFrom}. */
    void borrowFrom(ReceiveBatch batch) {
        requireUsable();
        endLoan();
        loan.lender(batch);
    }

    /** Copies what is borrowed and not sent yet, since its memory is about to be used for something else. */
    void endLoan() {
        endRun();
        if (loan.end(pieces, region) && !single.isEmpty()) {
            int next = single.next;
            describeSingle();
            single.next = next;
        }
    }

    /** What does not go on with the run: another destination or length, a full message, a full batch. */
    private boolean addAnywhere(
            Object payload, long offset, int length, SockAddr address, @Nullable SendOptions options) {
        requireUsable();
        address.requireValid();
        endRun();
        if (length > capacity - used || pieces.isFull() || count == MAX_MESSAGES) {
            return false;
        }
        var source = loan.take(payload, offset, length);
        if (source == Pieces.HERE) {
            Payload.copy(payload, offset, region, used, length);
        }
        if (!last.is(address)) {
            last = destinations.find(address);
        }
        var message = last.latest;
        if (coalescing && message != null && message.accepts(length, maxSegments) && message.has(options)) {
            message.lastPiece = pieces.append(message.lastPiece, used, length, source);
            message.join(length);
            pendingDatagrams++;
        } else {
            message = begin(length, source, options);
            pendingDatagrams += message.datagrams;
        }
        used += length;
        pendingBytes += length;
        if (coalescing && message.open) {
            var nextSource = source == Pieces.HERE ? source : source + length;
            var room = loan.room(nextSource, message.room(maxSegments));
            run.begin(message, room, used, region.byteSize(), nextSource);
        }
        return true;
    }

    private OutgoingMessage begin(int length, long source, @Nullable SendOptions options) {
        var message = messages[count++];
        var mayGrow = coalescing && length > 0 && (options == null || options.mayShare());
        message.start(last, pieces.add(used, length, source), length, mayGrow);
        if (options != null) {
            message.with(options);
            stamped |= options.has(SendOptions.TRANSMIT_TIMESTAMP);
        }
        last.latest = message;
        return message;
    }

    /** Tells the message of the run what was added since it began. */
    private void endRun() {
        var message = run.message;
        if (message == null) {
            return;
        }
        requireUsable();
        var bytes = used - run.start;
        if (bytes > 0) {
            var datagrams = bytes / run.segment;
            message.grow(datagrams, bytes);
            message.lastPiece = pieces.append(message.lastPiece, run.start, bytes, run.sourceOf(bytes));
            pendingDatagrams += datagrams;
            pendingBytes += bytes;
        }
        run.forget();
    }

    /** Whether everything was sent or failed, so that only the accounts are left. */
    boolean isSpent() {
        return run.message == null && count > 0 && joined.next == count;
    }

    void clear() {
        requireUsable();
        run.forget();
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
    }

    /** Describes to the kernel all messages that are not sent yet. */
    void describeJoined() {
        endRun();
        joined.rewind();
        for (int i = joined.next; i < count; i++) {
            description.whole(messages[i], joined);
        }
    }

    /** Describes to the kernel the datagrams of the first message that is not sent yet, one by one. */
    void describeSingle() {
        var message = head();
        message.open = false;
        single.clear();
        description.oneByOne(message, single);
    }

    OutgoingMessage message(int index) {
        return messages[index];
    }

    /** The first message that is not sent yet. */
    OutgoingMessage head() {
        return messages[joined.next];
    }

    int pendingDatagrams() {
        endRun();
        return pendingDatagrams;
    }

    long pendingBytes() {
        endRun();
        return pendingBytes;
    }

    /** Gives up the first message that is not sent yet, or the rest of it: how many datagrams that was. */
    int dropHead() {
        requireUsable();
        endRun();
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

    /** Takes so many datagrams off what is pending. */
    void settle(int datagrams, int bytes) {
        pendingDatagrams -= datagrams;
        pendingBytes -= bytes;
    }
}
