package dev.salvo.socket;

/** Stretches of a batch's region, chained into messages. Each holds whole datagrams. */
final class Pieces {

    static final int NONE = -1;
    private static final int CAPACITY = 4096;

    private final int[] offsets = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final int[] followers = new int[CAPACITY];
    private int size;

    boolean isFull() {
        return size == CAPACITY;
    }

    int add(int offset, int length) {
        offsets[size] = offset;
        lengths[size] = length;
        followers[size] = NONE;
        return size++;
    }

    /** Lengthens a chain by what lies at an offset: in its last piece if that ends there, else in a new one. */
    int append(int tail, int offset, int length) {
        if (offsets[tail] + lengths[tail] == offset) {
            lengths[tail] += length;
            return tail;
        }
        var piece = add(offset, length);
        followers[tail] = piece;
        return piece;
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
