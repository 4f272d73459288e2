package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Layouts;
import dev.salvo.socket.internal.MappedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What recvmmsg takes: an array of mmsghdr, each with room for an address and for payload, laid out once. */
final class ReceiveSlots {

    final MemorySegment headers;
    final MemorySegment names;
    /** Read-only, and what {@link Datagram#segment} shows. */
    final MemorySegment payload;
    /** From the payload of one slot to that of the next. */
    final long stride;

    ReceiveSlots(Kernel kernel, Arena arena, int slots, int slotSize) throws SyscallException {
        // Slots at multiples of 64 KiB would put every slot's first line into the same set of the cache.
        stride = slotSize == ReceiveBatch.SLOT_SIZE ? 65_536 + 128 : slotSize;
        headers = arena.allocate(slots * Layouts.MMSGHDR, Long.BYTES);
        names = arena.allocate((long) slots * SockAddr.ROOM, Long.BYTES);
        var room = MappedMemory.allocate(kernel, arena, slots * stride);
        payload = room.asReadOnly();
        var vectors = arena.allocate(slots * Layouts.IOVEC, Long.BYTES);
        for (int i = 0; i < slots; i++) {
            var header = i * Layouts.MMSGHDR;
            var vector = i * Layouts.IOVEC;
            vectors.set(ADDRESS, vector + Layouts.IOV_BASE, room.asSlice(i * stride));
            vectors.set(JAVA_LONG, vector + Layouts.IOV_LEN, slotSize);
            headers.set(ADDRESS, header + Layouts.MSG_NAME, names.asSlice((long) i * SockAddr.ROOM));
            headers.set(ADDRESS, header + Layouts.MSG_IOV, vectors.asSlice(vector));
            headers.set(JAVA_LONG, header + Layouts.MSG_IOVLEN, 1);
        }
        reset(slots);
    }

    /** The kernel overwrites these three on each message that it delivers, and on no other. */
    void reset(int used) {
        for (int i = 0; i < used; i++) {
            var header = i * Layouts.MMSGHDR;
            headers.set(JAVA_INT, header + Layouts.MSG_NAMELEN, SockAddr.ROOM);
            headers.set(JAVA_LONG, header + Layouts.MSG_CONTROLLEN, ReceivedControl.ROOM);
            headers.set(JAVA_INT, header + Layouts.MSG_FLAGS, 0);
        }
    }
}
