package dev.salvo.socket.internal.send;

import java.util.Arrays;
import java.util.function.Supplier;

/** The sizes of the tables and of the memory of a batch, which grow with use by doubling. */
final class Growth {

    /** The elements of a table that holds none or few. */
    private static final int FEW = 16;

    private Growth() {}

    /** The size of a table for this many elements. */
    static int capacity(int elements) {
        return (int) powerOfTwo(Math.max(FEW, elements));
    }

    /** The least power of two that is not smaller than a number over 1. */
    static long powerOfTwo(long number) {
        return Long.highestOneBit(number - 1) * 2;
    }

    /** A copy of another size, with a new object in each place that {@code table} has not. */
    static <T> T[] resized(T[] table, int size, Supplier<T> maker) {
        var copy = Arrays.copyOf(table, size);
        for (int i = table.length; i < size; i++) {
            copy[i] = maker.get();
        }
        return copy;
    }
}
