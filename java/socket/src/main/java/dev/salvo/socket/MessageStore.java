package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a {@link SendBatch} holds: payload in one region that only grows, and the messages that it is joined into. */
final class MessageStore {

    /** What one sendmmsg takes (UIO_MAXIOV). */
    private static final int MAX_MESSAGES = 1024;
    /** Equal to no length. */
    private static final int NO_RUN = -1;

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
    /** The message that lies at the end of the region and may grow there; what was copied to it is not in it yet. */
    private @Nullable OutgoingMessage run;

    private int runSegment = NO_RUN;
    private int runStart;
    private int runEnd;
    /** In the place of {@link #runEnd} where the run has options: null where it has none. */
    private @Nullable SendOptions runOptions;

    private int runEndWithOptions;
    /** Whether a message is to be stamped, so that each brings an entry of the error queue. */
    boolean stamped;

    private boolean coalescing = true;
    private int used;
    private int count;
    private int pendingDatagrams;
    private long pendingBytes;

    /** @param region {@link SendBatch#MAX_JOINED_BYTES} larger than the capacity, so that no run is cut at its end */
    MessageStore(Arena arena, MemorySegment region, int capacity) {
        this.region = region;
        this.capacity = capacity;
        joined = new MessageTable(arena, region, MAX_MESSAGES, Pieces.capacity());
        single = new MessageTable(arena, region, SendBatch.MAX_SEGMENTS, SendBatch.MAX_SEGMENTS);
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

    /** Whether there was room. The address is checked where a run does not already have it. */
    boolean add(MemorySegment payload, long offset, int length, SockAddr address) {
        if (length == runSegment && used + length <= runEnd && last.is(address)) {
            MemorySegment.copy(payload, offset, region, used, length);
            used += length;
            return true;
        }
        return addAnywhere(payload, offset, length, address, null);
    }

    /** Whether there was room; the options are not empty. */
    boolean add(MemorySegment payload, long offset, int length, SockAddr address, SendOptions options) {
        if (length == runSegment
                && used + length <= runEndWithOptions
                && options.equals(runOptions)
                && last.is(address)) {
            MemorySegment.copy(payload, offset, region, used, length);
            used += length;
            return true;
        }
        return addAnywhere(payload, offset, length, address, options);
    }

    /** What does not go on with the run: another destination or length, a full message, a full batch. */
    private boolean addAnywhere(
            MemorySegment payload, long offset, int length, SockAddr address, @Nullable SendOptions options) {
        requireUsable();
        address.requireValid();
        endRun();
        if (length > capacity - used || pieces.isFull() || count == MAX_MESSAGES) {
            return false;
        }
        MemorySegment.copy(payload, offset, region, used, length);
        if (!last.is(address)) {
            last = destinations.find(address);
        }
        var message = last.latest;
        if (coalescing && message != null && message.accepts(length) && message.has(options)) {
            message.lastPiece = pieces.append(message.lastPiece, used, length);
            message.join(length);
            pendingDatagrams++;
        } else {
            message = begin(length, options);
            pendingDatagrams += message.datagrams;
        }
        used += length;
        pendingBytes += length;
        if (coalescing && message.open) {
            beginRun(message);
        }
        return true;
    }

    private OutgoingMessage begin(int length, @Nullable SendOptions options) {
        var message = messages[count++];
        var mayGrow = coalescing && length > 0 && (options == null || options.mayShare());
        message.start(last, pieces.add(used, length), length, mayGrow);
        if (options != null) {
            message.with(options);
            stamped |= options.has(SendOptions.TRANSMIT_TIMESTAMP);
        }
        last.latest = message;
        return message;
    }

    /**
     * From here on, datagrams of the same length to the same destination need only be copied: the one that was just
     * added lies at the end of the region, and {@link #runEnd}, or with options {@link #runEndWithOptions}, is as far
     * as its message may grow.
     */
    private void beginRun(OutgoingMessage message) {
        run = message;
        runSegment = message.segmentSize;
        runStart = used;
        runOptions = message.options;
        var end = used + Math.min((int) region.byteSize() - used, message.room());
        if (runOptions == null) {
            runEnd = end;
        } else {
            runEndWithOptions = end;
        }
    }

    /** Tells the message of the run what was copied since it began. */
    private void endRun() {
        if (run == null) {
            return;
        }
        requireUsable();
        var bytes = used - runStart;
        if (bytes > 0) {
            var datagrams = bytes / runSegment;
            run.grow(datagrams, bytes);
            run.lastPiece = pieces.append(run.lastPiece, runStart, bytes);
            pendingDatagrams += datagrams;
            pendingBytes += bytes;
        }
        forgetRun();
    }

    private void forgetRun() {
        run = null;
        runSegment = NO_RUN;
        runEnd = 0;
        runOptions = null;
        runEndWithOptions = 0;
    }

    /** Whether everything was sent or failed, so that only the accounts are left. */
    boolean isSpent() {
        return run == null && count > 0 && joined.next == count;
    }

    void clear() {
        requireUsable();
        forgetRun();
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
            var message = messages[i];
            int vectors = 0;
            for (int p = message.firstPiece; p != Pieces.NONE; p = pieces.next(p)) {
                joined.vector(pieces.offset(p), pieces.length(p));
                vectors++;
            }
            joined.put(message, vectors, message.datagrams > 1 ? message.segmentSize : 0);
        }
    }

    /** Describes to the kernel the datagrams of the first message that is not sent yet, one by one. */
    void describeSingle() {
        var message = messages[joined.next];
        message.open = false;
        single.clear();
        int done = 0;
        for (int p = message.firstPiece; p != Pieces.NONE; p = pieces.next(p)) {
            int length;
            for (int at = 0; at < pieces.length(p); at += length) {
                length = message.length(done++);
                single.vector(pieces.offset(p) + at, length);
                single.put(message, 1, 0);
            }
        }
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
