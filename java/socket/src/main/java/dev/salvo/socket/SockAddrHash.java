package dev.salvo.socket;

import dev.salvo.bindings.Linux;

/** Hashes of socket addresses, every bit of which depends on every bit of the address and of the seed. */
final class SockAddrHash {

    private static final short AF_INET6 = (short) Linux.AF_INET6();

    private SockAddrHash() {}

    /**
     * The hash of the words that a {@link SockAddr} has.
     *
     * @param seed any number. A seed that were multiplied with instead would have to be a good one: one with few bits
     *     set leaves ports out of the upper half
     */
    static int of(long head, long first, long second, int scope, long seed) {
        var mixed = mix(head ^ seed);
        if ((short) head == AF_INET6) {
            // Mixed after each word: a single multiplication lets the top bit pass to where the next word can undo it.
            mixed = mix(mix(mixed ^ first) ^ second);
        }
        return (int) (mixed >>> 32) + scope;
    }

    /** The finalizer of SplitMix64: Stafford's 13th variant of MurmurHash3's. */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
