package dev.salvo.socket.internal.send;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The pieces of a batch, made once and used again. */
final class Pieces {

    /** The most iovecs that messages can need. */
    static final int CAPACITY = 4096;

    /**
     * A stretch of a batch's region that holds whole datagrams, chained into a message. The bytes of a borrowed piece
     * are still where they were received; its stretch of the region is kept free for them.
     */
    static final class Piece {

        /** The source of a piece whose bytes are in the region. */
        static final long NOT_BORROWED = -1;

        int offset;
        int length;
        /** Where the bytes are in the lender's payload, or {@link #NOT_BORROWED}. */
        long source;
        @Nullable
        Piece next;

        boolean isBorrowed() {
            return source != NOT_BORROWED;
        }
    }

    private final Piece[] pieces = new Piece[CAPACITY];
    private int size;

    Pieces() {
        Arrays.setAll(pieces, i -> new Piece());
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    Piece add(int offset, int length, long source) {
        var piece = pieces[size++];
        piece.offset = offset;
        piece.length = length;
        piece.source = source;
        piece.next = null;
        return piece;
    }

    /** Lengthens a chain: its last piece if the bytes directly follow it, else by a new piece. Returns the last one. */
    Piece append(Piece tail, int offset, int length, long source) {
        var sourceOfNext = tail.isBorrowed() ? tail.source + tail.length : Piece.NOT_BORROWED;
        if (tail.offset + tail.length == offset && sourceOfNext == source) {
            tail.length += length;
            return tail;
        }
        var piece = add(offset, length, source);
        tail.next = piece;
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

    void clear() {
        size = 0;
    }
}
