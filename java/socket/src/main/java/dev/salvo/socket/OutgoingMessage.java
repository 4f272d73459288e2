package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * One message of a {@link SendBatch}: a datagram, or several of one size to one destination for the kernel to take
 * apart. Its bytes are a chain of pieces of the batch's region, each of which holds whole datagrams.
 */
final class OutgoingMessage {

    Destination destination = Destination.NONE;
    /** Where its bytes are; before the first use, nowhere. */
    Piece first = new Piece();

    Piece last = first;
    /** Datagrams, and their bytes in all. */
    int datagrams;
    int bytes;
    /** The size of every datagram but the last, which may be shorter. */
    int segmentSize;
    /** Whether a further datagram may join. */
    boolean open;
    /** What the kernel is told beside the destination; null for nothing. */
    @Nullable
    SendOptions options;
    /** Where {@link #options} are kept; most messages never have any. */
    private @Nullable SendOptions room;

    void start(Destination to, Piece piece, int length, boolean mayGrow) {
        destination = to;
        first = piece;
        last = piece;
        datagrams = 1;
        bytes = length;
        segmentSize = length;
        open = mayGrow;
        options = null;
    }

    /** Has the message sent with options of its own, which are copied. */
    void with(SendOptions given) {
        if (given.has(SendOptions.SEGMENT_SIZE) && bytes > given.segmentSize) {
            segmentSize = given.segmentSize;
            datagrams = given.datagrams(bytes);
        }
        if (given.hasControl()) {
            if (room == null) {
                room = new SendOptions();
            }
            options = room.load(given);
        }
    }

    /** Whether a datagram with these options, null for none, is told to the kernel alike. */
    boolean has(@Nullable SendOptions others) {
        return options == null ? others == null : options.equals(others);
    }

    /**
     * Whether a datagram may join. An empty one never does: it would vanish. A shorter one may, and closes the message,
     * since only the last segment can be short.
     *
     * @param maxSegments how many datagrams it may have then
     */
    boolean accepts(int length, int maxSegments) {
        return open
                && length <= segmentSize
                && length > 0
                && datagrams < maxSegments
                && bytes + length <= SendBatch.MAX_JOINED_BYTES;
    }

    void join(int length) {
        grow(1, length);
        open = length == segmentSize;
    }

    void grow(int moreDatagrams, int moreBytes) {
        datagrams += moreDatagrams;
        bytes += moreBytes;
    }

    /** How many bytes of whole segments it may still grow by, at the most, to have so many. */
    int room(int maxSegments) {
        return Math.min((maxSegments - datagrams) * segmentSize, SendBatch.MAX_JOINED_BYTES - bytes);
    }

    /** The length of the datagram at an index. */
    int length(int index) {
        return Math.min(segmentSize, bytes - index * segmentSize);
    }
}
