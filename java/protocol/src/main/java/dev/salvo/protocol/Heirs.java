package dev.salvo.protocol;

import java.util.stream.IntStream;

/** Who serves for each member of a group on one port: itself, or for one that does not another, who does. Immutable. */
final class Heirs {

    private final int[] heirs;

    private Heirs(int[] heirs) {
        this.heirs = heirs;
    }

    /** Each for itself. */
    static Heirs of(int members) {
        return new Heirs(IntStream.range(0, members).toArray());
    }

    /** {@code [i]} serves for member i. */
    int[] toArray() {
        return heirs.clone();
    }

    private boolean serves(int member) {
        return heirs[member] == member;
    }

    /** What one serves is shared out, and nobody else's changes; the same if it serves nothing, or is the last. */
    Heirs without(int member) {
        var others = IntStream.range(0, heirs.length).filter(i -> i != member && serves(i)).toArray();
        if (others.length == 0 || !serves(member)) {
            return this;
        }
        return new Heirs(IntStream.range(0, heirs.length)
                .map(i -> heirs[i] == member ? others[i % others.length] : heirs[i])
                .toArray());
    }
}
