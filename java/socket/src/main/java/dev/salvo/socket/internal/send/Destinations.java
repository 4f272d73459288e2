package dev.salvo.socket.internal.send;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The destinations of one batch: a hash table whose entries are made once and used again. */
final class Destinations {

    /**
     * A destination, and the message that its next datagram may join. A datagram joins the latest message of its
     * destination or begins a later one, so the order for each destination is kept.
     */
    static final class Destination {

        /** The destination of a message before its first use. */
        static final Destination NONE = new Destination();

        private final NativeAddress own = new NativeAddress();
        /** The address as it was given, or a copy if it was a view, which changes. */
        NativeAddress address = own;
        @Nullable
        OutgoingMessage latest;
        /** The next destination in the same bucket of the table. */
        private @Nullable Destination chain;
        /** The index of the bucket that it is in. */
        private int bucket;

        private void address(NativeAddress given) {
            if (Struct.isView(given)) {
                Struct.load(own, given);
                address = own;
            } else {
                address = given;
            }
        }

        boolean is(NativeAddress other) {
            return address == other || Struct.isSame(address, other);
        }
    }

    private final Destination[] entries;
    private final @Nullable Destination[] buckets;
    private int size;

    Destinations(int capacity) {
        entries = new Destination[capacity];
        Arrays.setAll(entries, i -> new Destination());
        buckets = new Destination[Integer.highestOneBit(capacity) * 2];
    }

    /** The destination with this address, which is added if it is new. */
    Destination find(NativeAddress address) {
        var bucket = address.hashCode() & (buckets.length - 1);
        for (var entry = buckets[bucket]; entry != null; entry = entry.chain) {
            if (entry.is(address)) {
                return entry;
            }
        }
        var entry = entries[size++];
        entry.address(address);
        entry.bucket = bucket;
        entry.latest = null;
        entry.chain = buckets[bucket];
        buckets[bucket] = entry;
        return entry;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            buckets[entries[i].bucket] = null;
        }
        size = 0;
    }
}
