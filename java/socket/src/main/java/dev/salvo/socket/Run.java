package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * The message that lies at the end of a store's region and may grow there by datagrams of one length to one
 * destination, each of which needs only be copied, or, of a borrowed one, lie behind the one before; its accounts are
 * made when the run ends.
 */
final class Run {

    /** Equal to no length. */
    private static final int NONE = -1;
    /** No length leads there, not even a negative one. */
    private static final int NOWHERE = Integer.MIN_VALUE;

    @Nullable
    OutgoingMessage message;
    int segment = NONE;
    /** Where it begins in the region, and how far it may grow: {@link #endWithOptions} if it has options. */
    int start;

    int end = NOWHERE;
    int endWithOptions = NOWHERE;
    @Nullable
    SendOptions options;
    /** Where it goes on in what is borrowed, or {@link Pieces#HERE} for a run whose datagrams are copied. */
    private long source = Pieces.HERE;

    /** The datagram that was just added to the message, which has room, lies at the end of the region. */
    void begin(OutgoingMessage grown, int room, int used, long regionSize, long nextSource) {
        message = grown;
        segment = grown.segmentSize;
        start = used;
        options = grown.options;
        source = nextSource;
        var farthest = used + (int) Math.min(regionSize - used, room);
        if (options == null) {
            end = farthest;
        } else {
            endWithOptions = farthest;
        }
    }

    void forget() {
        message = null;
        segment = NONE;
        end = NOWHERE;
        options = null;
        endWithOptions = NOWHERE;
        source = Pieces.HERE;
    }

    boolean isBorrowed() {
        return source != Pieces.HERE;
    }

    /** A run that is copied takes any payload, a borrowed one only what lies behind it. */
    boolean goesOn(Object payload, long offset, Loan loan) {
        return source == Pieces.HERE || (offset == source && loan.isOf(payload));
    }

    /** Where what has so many bytes began in what is borrowed. */
    long sourceOf(int bytes) {
        return isBorrowed() ? source - bytes : Pieces.HERE;
    }

    void skip(int length) {
        source += length;
    }
}
