package dev.salvo.socket;

import java.lang.foreign.MemorySegment;

/**
 * Stretches of a batch's region, chained into messages. Each holds whole datagrams. The bytes of a borrowed one are
 * still where they were received; its stretch of the region is kept free for them.
 */
final class Pieces {

    static final int NONE = -1;
    /** The source of a piece that is not borrowed. */
    static final long HERE = -1;

    private static final int CAPACITY = 4096;

    private final int[] offsets = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final long[] sources = new long[CAPACITY];
    private final int[] followers = new int[CAPACITY];
    private int size;

    boolean isFull() {
        return size == CAPACITY;
    }

    /** @param source where the bytes are in what is borrowed, or {@link #HERE} */
    int add(int offset, int length, long source) {
        offsets[size] = offset;
        sources[size] = source;
        lengths[size] = length;
        followers[size] = NONE;
        return size++;
    }

    /** Lengthens a chain by what lies at an offset: in its last piece if that ends there, else in a new one. */
    int append(int tail, int offset, int length, long source) {
        var sourceOfNext = sources[tail] == HERE ? HERE : sources[tail] + lengths[tail];
        if (offsets[tail] + lengths[tail] == offset && sourceOfNext == source) {
            lengths[tail] += length;
            return tail;
        }
        var piece = add(offset, length, source);
        followers[tail] = piece;
        return piece;
    }

    /** Copies what is borrowed to the stretches of the region that are kept for it. */
    void takeOver(MemorySegment lent, MemorySegment region) {
        for (int i = 0; i < size; i++) {
            if (sources[i] != HERE) {
                MemorySegment.copy(lent, sources[i], region, offsets[i], lengths[i]);
                sources[i] = HERE;
            }
        }
    }

    long source(int piece) {
        return sources[piece];
    }

    int offset(int piece) {
        return offsets[piece];
    }

    int length(int piece) {
        return lengths[piece];
    }

    int next(int piece) {
        return followers[piece];
    }

    void clear() {
        size = 0;
    }

    /** The most vectors that messages can need. */
    static int capacity() {
        return CAPACITY;
    }
}
