package dev.salvo.socket.internal.send;

import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.send.Destinations.Destination;
import dev.salvo.socket.internal.send.Pieces.Piece;
import org.jspecify.annotations.Nullable;

/**
 * One message of a batch: a datagram, or several of one size to one destination that the kernel splits. Its bytes are a
 * chain of pieces of the batch's region, each of which holds whole datagrams.
 */
final class OutgoingMessage {

    Destination destination = Destination.NONE;
    /** Where its bytes are; before the first use, nowhere. */
    Piece first = new Piece();
    Piece last = first;
    int datagrams;
    /** The bytes of all datagrams. */
    int bytes;
    /** The size of every datagram but the last, which may be shorter. */
    int segmentSize;
    /** Whether a further datagram may join. */
    boolean open;
    /** The options that become control messages; null for none. */
    @Nullable
    ControlOptions options;
    /** Where {@link #options} are kept; most messages never have any. */
    private @Nullable ControlOptions optionsRoom;

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

    /** Sets the options that the message is sent with, by copying them. */
    void with(ControlOptions given) {
        if (given.has(ControlOptions.SEGMENT_SIZE) && bytes > given.segmentSize) {
            segmentSize = given.segmentSize;
            datagrams = given.datagrams(bytes);
        }
        if (given.hasControl()) {
            if (optionsRoom == null) {
                optionsRoom = new ControlOptions();
            }
            options = optionsRoom.load(given);
        }
    }

    /** Whether a datagram with these options, null for none, needs the same control messages. */
    boolean has(@Nullable ControlOptions others) {
        return options == null ? others == null : options.equals(others);
    }

    /**
     * Whether a datagram may join without exceeding {@code maxSegments}. An empty datagram never joins, since it would
     * vanish. A shorter datagram may join, and closes the message, since only the last segment can be short.
     */
    boolean accepts(int length, int maxSegments) {
        return open
                && length <= segmentSize
                && length > 0
                && datagrams < maxSegments
                && bytes + length <= Outbox.MAX_JOINED_BYTES;
    }

    /** Only the last datagram may be shorter than the others. */
    void join(int moreDatagrams, int moreBytes) {
        open = moreBytes == moreDatagrams * segmentSize;
        datagrams += moreDatagrams;
        bytes += moreBytes;
    }

    /** How many bytes may still join without exceeding {@code maxSegments} or the size limit. */
    int room(int maxSegments) {
        return Math.min((maxSegments - datagrams) * segmentSize, Outbox.MAX_JOINED_BYTES - bytes);
    }

    /** The length of the datagram at an index. */
    int length(int index) {
        return Math.min(segmentSize, bytes - index * segmentSize);
    }
}
