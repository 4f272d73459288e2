package dev.salvo.socket.internal.send;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import org.jspecify.annotations.Nullable;

/** The destinations of one batch: a hash table that grows, and whose entries are made once and used again. */
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
        /** Null only while the destination is added, and once all its messages were sent. */
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

    private Destination[] entries = {};
    private @Nullable Destination[] buckets = {};
    private int size;

    Destinations() {
        resize(Growth.capacity(0));
    }

    int size() {
        return size;
    }

    /** Makes the table larger or smaller. */
    void resize(int capacity) {
        var wider = Growth.resized(entries, capacity, Destination::new);
        buckets = new Destination[capacity * 2];
        entries = wider;
        for (int i = 0; i < size; i++) {
            chain(entries[i], bucket(entries[i].address));
        }
    }

    private int bucket(NativeAddress address) {
        return address.hashCode() & (buckets.length - 1);
    }

    private void chain(Destination entry, int bucket) {
        entry.bucket = bucket;
        entry.chain = buckets[bucket];
        buckets[bucket] = entry;
    }

    /** The destination with this address, which is added if it is new. */
    Destination find(NativeAddress address) {
        var bucket = bucket(address);
        for (var entry = buckets[bucket]; entry != null; entry = entry.chain) {
            if (entry.is(address)) {
                return entry;
            }
        }
        if (size == entries.length) {
            resize(size * 2);
            bucket = bucket(address);
        }
        // Counted when it is complete, like the datagrams of an outbox.
        var entry = entries[size];
        entry.address(address);
        entry.latest = null;
        chain(entry, bucket);
        size++;
        return entry;
    }

    /** Removes the destinations whose messages were all sent. */
    void compact() {
        int all = size;
        clear();
        for (int i = 0; i < all; i++) {
            var entry = entries[i];
            if (entry.latest != null) {
                entries[i] = entries[size];
                entries[size++] = entry;
                chain(entry, entry.bucket);
            }
        }
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            buckets[entries[i].bucket] = null;
        }
        size = 0;
    }
}
