package dev.salvo.socket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The destinations of one batch: a hash table whose entries are made once and used again. */
final class DestinationTable {

    private final Destination[] entries;
    private final @Nullable Destination[] buckets;
    private int size;

    DestinationTable(int capacity) {
        entries = new Destination[capacity];
        Arrays.setAll(entries, i -> new Destination());
        buckets = new Destination[Integer.highestOneBit(capacity) * 2];
    }

    /** The destination with this address, added if it is new. */
    Destination find(SockAddr address) {
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
