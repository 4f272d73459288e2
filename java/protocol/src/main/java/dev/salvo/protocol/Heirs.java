package dev.salvo.protocol;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Who serves for each member of a group: itself, or for one that has left another. Not thread-safe. */
final class Heirs {

    private final boolean[] left;
    private int[] heirs;

    Heirs(int members) {
        left = new boolean[members];
        heirs = IntStream.range(0, members).toArray();
    }

    /** {@code [i]} serves for member i. */
    int[] toArray() {
        return heirs.clone();
    }

    boolean anyLeft() {
        return staying() < left.length;
    }

    private int staying() {
        return (int) IntStream.range(0, left.length).filter(i -> !left[i]).count();
    }

    /**
     * One is to leave, and inherits nothing from now on.
     *
     * @throws IllegalStateException if it has left, or is the last
     */
    void leave(int member) {
        if (left[member]) {
            throw new IllegalStateException("member " + member + " has left the group");
        }
        if (staying() == 1) {
            throw new IllegalStateException("member " + member + " is the last of the group: stop the group");
        }
        left[member] = true;
    }

    /** What it serves shared out; nobody else's changes. */
    int[] without(int member) {
        var stayers = IntStream.range(0, left.length).filter(i -> !left[i]).toArray();
        return Arrays.stream(indices()).map(i -> heirs[i] == member ? stayers[i % stayers.length] : heirs[i])
                .toArray();
    }

    private int[] indices() {
        return IntStream.range(0, left.length).toArray();
    }

    void set(int[] heirs) {
        this.heirs = heirs;
    }

    /** It stays after all. */
    void stay(int member) {
        left[member] = false;
    }
}
