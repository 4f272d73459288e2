package dev.salvo.socket.internal.send;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The pieces of a batch, in the order of their places in the region. They are made once and used again. */
final class Pieces {

    /** The most pieces, and so the most iovecs that messages can need. */
    private static final int MOST = 4096;

    /**
     * A stretch of a batch's region that holds whole datagrams, chained into a message. The bytes of a borrowed piece
     * are still where they were received; its stretch of the region is kept free for them.
     */
    static final class Piece {

        /** The source of a piece whose bytes are in the region. */
        static final long NOT_BORROWED = -1;
        /** The length of a piece that is no longer needed: no piece is so long. */
        static final int GONE = -1;

        int offset;
        int length;
        /** Where the bytes are in the lender's payload, or {@link #NOT_BORROWED}. */
        long source;
        @Nullable
        Piece next;

        boolean isBorrowed() {
            return source != NOT_BORROWED;
        }

        /** Whether bytes directly follow, in the region and, if they are borrowed, in the lender's payload. */
        boolean isFollowedBy(int nextOffset, long nextSource) {
            return offset + length == nextOffset && nextSource == (isBorrowed() ? source + length : NOT_BORROWED);
        }
    }

    private Piece[] pieces = Growth.resized(new Piece[0], Growth.capacity(0), Piece::new);
    /** How many are taken. */
    int size;

    /** Whether there are as many as there can be. */
    boolean isFull() {
        return size == MOST;
    }

    /** Whether {@link #next} needs {@link #resize} before. */
    boolean isTight() {
        return size == pieces.length;
    }

    int capacity() {
        return pieces.length;
    }

    /** Makes the table larger or smaller. */
    void resize(int capacity) {
        pieces = Growth.resized(pieces, capacity, Piece::new);
    }

    /** The next piece, filled in. It is taken only when {@link #size} grows. */
    Piece next(int offset, int length, long source) {
        var piece = pieces[size];
        piece.offset = offset;
        piece.length = length;
        piece.source = source;
        piece.next = null;
        return piece;
    }

    /** Copies the bytes of borrowed pieces to the stretches of the region that are kept for them. */
    void copyBorrowed(MemorySegment lent, MemorySegment region) {
        for (int i = 0; i < size; i++) {
            var piece = pieces[i];
            if (piece.isBorrowed()) {
                MemorySegment.copy(lent, piece.source, region, piece.offset, piece.length);
                piece.source = Piece.NOT_BORROWED;
            }
        }
    }

    /** Copies the bytes of the pieces to another region, except those that are borrowed. */
    void copy(MemorySegment from, MemorySegment to) {
        for (int i = 0; i < size; i++) {
            var piece = pieces[i];
            if (!piece.isBorrowed()) {
                MemorySegment.copy(from, piece.offset, to, piece.offset, piece.length);
            }
        }
    }

    /** Removes the pieces that are {@link Piece#GONE}, and moves the others down in the region. Returns their end. */
    int compact(MemorySegment region) {
        int end = 0;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            var piece = pieces[i];
            if (piece.length != Piece.GONE) {
                if (!piece.isBorrowed()) {
                    MemorySegment.copy(region, piece.offset, region, end, piece.length);
                }
                piece.offset = end;
                end += piece.length;
                pieces[i] = pieces[kept];
                pieces[kept++] = piece;
            }
        }
        size = kept;
        return end;
    }
}
