package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.cmsg.ControlReader;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The control messages that came with the messages of a batch: a room of its own for each slot. */
final class ReceivedControl {

    /**
     * All of {@link Metadata}, the original destination and SO_TIMESTAMPING take 296 bytes at once, both addresses of
     * an IPv4-mapped datagram included. What is left is for the rest of fixed size; IP options and IPv6 extension
     * headers can be larger than any room. A smaller room loses the last ones, but hardly the GRO size: those of
     * SOL_SOCKET alone come before it (udp_recvmsg). An odd multiple of 64 spreads the slots' first lines over the sets
     * of the cache.
     */
    static final int ROOM = 7 * 64;

    /** No slot, and not the one before the first either. */
    private static final int NONE = -2;

    private final MemorySegment headers;
    private final MemorySegment memory;
    private final ControlReader reader = new ControlReader();
    private final MetadataReader metadataReader = new MetadataReader();
    private final DatagramMetadata metadata;
    /** The slot whose metadata was asked for last. */
    private int decoded = NONE;

    ReceivedControl(ReceiveBatch batch, MemorySegment headers, int slots, Arena arena) {
        this.headers = headers;
        this.memory = arena.allocate((long) slots * ROOM, 64);
        this.metadata = new DatagramMetadata(batch);
        for (int i = 0; i < slots; i++) {
            headers.set(ADDRESS, i * Layouts.MMSGHDR + Layouts.MSG_CONTROL, memory.asSlice((long) i * ROOM));
        }
    }

    /** With MSG_TRUNC it is the real length, which may be more than the slot holds. */
    int messageLength(int slot) {
        return headers.get(JAVA_INT, slot * Layouts.MMSGHDR + Layouts.MSG_LEN);
    }

    boolean isTruncated(int slot) {
        return (headers.get(JAVA_INT, slot * Layouts.MMSGHDR + Layouts.MSG_FLAGS) & Linux.MSG_CTRUNC()) != 0;
    }

    /** The size of all pieces but the last: what UDP_GRO says, or {@code real}, the whole, where it is absent. */
    int segmentSize(int slot, int real) {
        if (length(slot) > 0) {
            reset(reader, slot);
            while (reader.next()) {
                var size = groSize(reader);
                if (size > 0) {
                    return size;
                }
            }
        }
        return real;
    }

    /** What UDP_GRO says, from 1; 0 if the control message is another. */
    static int groSize(ControlReader control) {
        return control.is(Layouts.SOL_UDP, Layouts.UDP_GRO) && control.dataLength() >= Integer.BYTES
                ? Math.max(control.getInt(0), 1)
                : 0;
    }

    private long length(int slot) {
        return headers.get(JAVA_LONG, slot * Layouts.MMSGHDR + Layouts.MSG_CONTROLLEN);
    }

    /** A reader before the first control message of a slot. */
    ControlReader reader(int slot) {
        reset(reader, slot);
        return reader;
    }

    private void reset(ControlReader any, int slot) {
        any.reset(memory, (long) slot * ROOM, Math.clamp(length(slot), 0, ROOM));
    }

    /** The metadata of a slot, decoded if it is not already. */
    DatagramMetadata metadata(int slot, SockAddr source, Counters counters) {
        if (decoded != slot) {
            reset(metadataReader.control(), slot);
            metadataReader.read(metadata, source, counters);
            decoded = slot;
        }
        return metadata;
    }

    /** The metadata of a slot, to keep. What was not asked for stays unread: later ones count drops since before it. */
    DatagramMetadata kept(int slot, SockAddr source, Counters counters) {
        if (length(slot) == 0) {
            return DatagramMetadata.NONE;
        }
        if (decoded == slot) {
            return metadata.copy();
        }
        var dropsTold = counters.dropsTold;
        var kept = metadata(slot, source, counters).copy();
        counters.dropsTold = dropsTold;
        forget();
        return kept;
    }

    /** Whether the metadata shows this slot. */
    boolean shows(int slot) {
        return decoded == slot;
    }

    /** The walk has moved on, or the slots are used for others. */
    void forget() {
        if (decoded != NONE) {
            decoded = NONE;
            metadata.clear();
        }
    }
}
