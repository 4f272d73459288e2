package dev.salvo.socket;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The pieces of a batch, made once and used again. */
final class Pieces {

    /** The most vectors that messages can need. */
    static final int CAPACITY = 4096;

    private final Piece[] pieces = new Piece[CAPACITY];
    private int size;

    Pieces() {
        Arrays.setAll(pieces, i -> new Piece());
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    /** @param source where the bytes are in what is borrowed, or {@link Piece#HERE} */
    Piece add(int offset, int length, long source) {
        var piece = pieces[size++];
        piece.offset = offset;
        piece.length = length;
        piece.source = source;
        piece.next = null;
        return piece;
    }

    /** Lengthens a chain by what lies at an offset: in its last piece if that ends there, else in a new one. */
    Piece append(Piece tail, int offset, int length, long source) {
        var sourceOfNext = tail.isBorrowed() ? tail.source + tail.length : Piece.HERE;
        if (tail.offset + tail.length == offset && sourceOfNext == source) {
            tail.length += length;
            return tail;
        }
        var piece = add(offset, length, source);
        tail.next = piece;
        return piece;
    }

    /** Copies what is borrowed to the stretches of the region that are kept for it. */
    void takeOver(MemorySegment lent, MemorySegment region) {
        for (int i = 0; i < size; i++) {
            var piece = pieces[i];
            if (piece.isBorrowed()) {
                MemorySegment.copy(lent, piece.source, region, piece.offset, piece.length);
                piece.source = Piece.HERE;
            }
        }
    }

    void clear() {
        size = 0;
    }
}
