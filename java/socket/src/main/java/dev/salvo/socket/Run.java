package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The end of a store's region, and the message that lies there and may grow by datagrams of one length to one
 * destination, each of which needs only be copied, or, of a borrowed one, lie behind the one before; accounts are made
 * for many at once.
 */
final class Run {

    /** Equal to no length. */
    private static final int NONE = -1;
    /** No length leads there, not even a negative one. */
    private static final int NOWHERE = Integer.MIN_VALUE;

    private final MemorySegment region;
    private final Loan loan;
    /** How much of the region is taken. */
    int used;
    /** Where the last datagram went. */
    Destination last = Destination.NONE;

    @Nullable
    OutgoingMessage message;
    int segment = NONE;
    /** From where on it is in no account, and how far it may grow: {@link #endWithOptions} if it has options. */
    int start;

    private int end = NOWHERE;
    private int endWithOptions = NOWHERE;
    private @Nullable SendOptions options;
    /** Where it goes on in what is borrowed, or {@link Piece#HERE} for a run whose datagrams are copied. */
    private long source = Piece.HERE;

    Run(MemorySegment region, Loan loan) {
        this.region = region;
        this.loan = loan;
    }

    /** The datagram that was just added to the message lies at the end of the region. */
    void begin(OutgoingMessage grown, int maxSegments, long nextSource) {
        message = grown;
        segment = grown.segmentSize;
        start = used;
        options = grown.options;
        source = nextSource;
        var farthest = used + loan.room(nextSource, grown.room(maxSegments));
        end = options == null ? farthest : NOWHERE;
        endWithOptions = options == null ? NOWHERE : farthest;
    }

    void forget() {
        message = null;
        segment = NONE;
        end = NOWHERE;
        options = null;
        endWithOptions = NOWHERE;
        source = Piece.HERE;
    }

    /**
     * Adds a {@link Payload} without options that goes on with the run, whose address was checked: whether it does. For
     * each datagram this is all that there is to do, as a rule, so it is kept small and flat: the JIT inlines fifteen
     * calls deep (MaxInlineLevel), and a copy alone is seven.
     */
    boolean extend(Object payload, long offset, int length, SockAddr address) {
        if (length != segment || used + length > end || !last.is(address)) {
            return false;
        }
        if (source != Piece.HERE) {
            return extendBorrowed(payload, offset, length);
        }
        if (payload instanceof byte[] array) {
            MemorySegment.copy(array, (int) offset, region, JAVA_BYTE, used, length);
        } else {
            MemorySegment.copy((MemorySegment) payload, offset, region, used, length);
        }
        used += length;
        return true;
    }

    /** As {@link #extend}, with options. */
    boolean extendWithOptions(Object payload, long offset, int length, SockAddr address, SendOptions given) {
        if (length != segment || used + length > endWithOptions || !given.equals(options) || !last.is(address)) {
            return false;
        }
        if (source != Piece.HERE) {
            return extendBorrowed(payload, offset, length);
        }
        Payload.copy(payload, offset, region, used, length);
        used += length;
        return true;
    }

    /** A run that is copied takes any payload, a borrowed one only what lies behind it. */
    private boolean extendBorrowed(Object payload, long offset, int length) {
        if (offset != source || !loan.isOf(payload)) {
            return false;
        }
        requireUsable();
        source += length;
        used += length;
        return true;
    }

    /** Throws what the package promises, before anything is changed: access to confined memory does. */
    void requireUsable() {
        region.get(JAVA_BYTE, 0);
    }

    /** Where what has so many bytes began in what is borrowed. */
    long sourceOf(int bytes) {
        return source == Piece.HERE ? source : source - bytes;
    }
}
