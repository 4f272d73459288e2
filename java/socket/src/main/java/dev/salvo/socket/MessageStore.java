package dev.salvo.socket;

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

    /** The end of the region. */
    final Run run;

    private final Loan loan = new Loan(this);
    private final Description description;

    /** Whether a message is to be stamped, so that each brings an entry of the error queue. */
    boolean stamped;

    private boolean coalescing = true;
    private int maxSegments = SendBatch.MAX_SEGMENTS;
    private int count;
    private int pendingDatagrams;
    private long pendingBytes;

    /** @param region {@link SendBatch#MAX_JOINED_BYTES} larger than the capacity, so that no run is cut at its end */
    MessageStore(Arena arena, MemorySegment region, int capacity) {
        this.region = region;
        this.capacity = capacity;
        run = new Run(region, loan);
        description = new Description(region, loan);
        joined = new MessageTable(arena, MAX_MESSAGES, Pieces.CAPACITY);
        single = new MessageTable(arena, SegmentProbe.MOST, SegmentProbe.MOST);
        Arrays.setAll(messages, i -> new OutgoingMessage());
    }

    /** Throws what the package promises, before anything is changed: access to confined memory does. */
    void requireUsable() {
        run.requireUsable();
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

    /** Whether there was room for what {@link Run#extend} did not take; options are null or not empty. */
    boolean add(Object payload, long offset, int length, SockAddr address, @Nullable SendOptions options) {
        if (options != null && run.extendWithOptions(payload, offset, length, address, options)) {
            return true;
        }
        requireUsable();
        address.requireValid();
        account();
        if (length > capacity - run.used || pieces.isFull() || count == MAX_MESSAGES) {
            run.forget();
            return false;
        }
        var source = loan.take(payload, offset, length);
        if (source == Piece.HERE) {
            Payload.copy(payload, offset, region, run.used, length);
        }
        if (!run.last.is(address)) {
            run.last = destinations.find(address);
        }
        put(length, source, options);
        return true;
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

    /** Has what lies at the end of the region join the latest message of its destination, or begins one. */
    private void put(int length, long source, @Nullable SendOptions options) {
        var message = run.last.latest;
        if (coalescing && message != null && message.accepts(length, maxSegments) && message.has(options)) {
            message.last = pieces.append(message.last, run.used, length, source);
            message.join(length);
            pendingDatagrams++;
        } else {
            message = begin(length, source, options);
            pendingDatagrams += message.datagrams;
        }
        run.used += length;
        pendingBytes += length;
        if (coalescing && message.open) {
            run.begin(message, maxSegments, source == Piece.HERE ? source : source + length);
        } else {
            run.forget();
        }
    }

    private OutgoingMessage begin(int length, long source, @Nullable SendOptions options) {
        var message = messages[count++];
        var mayGrow = coalescing && length > 0 && (options == null || options.mayShare());
        message.start(run.last, pieces.add(run.used, length, source), length, mayGrow);
        if (options != null) {
            message.with(options);
            stamped |= options.has(SendOptions.TRANSMIT_TIMESTAMP);
        }
        run.last.latest = message;
        return message;
    }

    private void endRun() {
        if (run.message != null) {
            requireUsable();
            account();
            run.forget();
        }
    }

    /** Tells the message of the run what was added since the last time. */
    private void account() {
        var bytes = run.used - run.start;
        if (run.message != null && bytes > 0) {
            var datagrams = bytes / run.segment;
            run.message.grow(datagrams, bytes);
            run.message.last = pieces.append(run.message.last, run.start, bytes, run.sourceOf(bytes));
            pendingDatagrams += datagrams;
            pendingBytes += bytes;
            run.start = run.used;
        }
    }

    /** Whether everything was sent or failed, so that only the accounts are left. */
    boolean isSpent() {
        return run.message == null && count > 0 && joined.next == count;
    }

    void clear() {
        requireUsable();
        run.forget();
        run.last = Destination.NONE;
        destinations.clear();
        pieces.clear();
        joined.clear();
        single.clear();
        stamped = false;
        run.used = 0;
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
