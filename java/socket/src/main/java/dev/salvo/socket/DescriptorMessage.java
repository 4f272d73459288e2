package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.iovec;
import dev.salvo.bindings.msghdr;
import dev.salvo.socket.cmsg.ControlReader;
import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on a Unix stream socket: bytes, and descriptors beside them (SCM_RIGHTS of unix(7)). At least one byte,
 * since a stream delivers descriptors with the byte that they were sent with, or not at all.
 */
final class DescriptorMessage {

    /** The kernel's own limit is 253 (SCM_MAX_FD of include/net/scm.h). */
    static final int MOST = 64;

    /** What a peer says beside its descriptors is read, since a close with unread bytes would reset it, and ignored. */
    private static final int PAYLOAD_ROOM = 4096;

    private final MemorySegment header;
    private final MemorySegment vector;
    private final MemorySegment payload;
    private final MemorySegment control;

    DescriptorMessage(Arena arena) {
        header = arena.allocate(msghdr.layout());
        vector = arena.allocate(iovec.layout());
        // A multiple of 8: padding would be room for one more descriptor.
        control = arena.allocate(Layouts.cmsgSpace(MOST * Integer.BYTES), Long.BYTES);
        payload = arena.allocate(PAYLOAD_ROOM);
        vector.set(ADDRESS, Layouts.IOV_BASE, payload);
        header.set(ADDRESS, Layouts.MSG_IOV, vector);
        header.set(JAVA_LONG, Layouts.MSG_IOVLEN, 1);
        header.set(ADDRESS, Layouts.MSG_CONTROL, control);
    }

    /** One byte and no descriptors. */
    static MemorySegment ofByte(byte value, Arena arena) {
        var message = new DescriptorMessage(arena);
        message.payload.set(JAVA_BYTE, 0, value);
        message.vector.set(JAVA_LONG, Layouts.IOV_LEN, 1);
        return message.header;
    }

    /** One byte, zero, and these descriptors. */
    MemorySegment toSend(int... descriptors) {
        var writer = new ControlWriter();
        writer.reset(control, 0, control.byteSize());
        writer.putInts(Linux.SOL_SOCKET(), Linux.SCM_RIGHTS(), descriptors);
        vector.set(JAVA_LONG, Layouts.IOV_LEN, 1);
        header.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, writer.length());
        return header;
    }

    MemorySegment toReceive() {
        vector.set(JAVA_LONG, Layouts.IOV_LEN, PAYLOAD_ROOM);
        header.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, control.byteSize());
        header.set(JAVA_INT, Layouts.MSG_FLAGS, 0);
        return header;
    }

    /** Whether the peer sent descriptors that did not arrive. */
    boolean isCut() {
        return (header.get(JAVA_INT, Layouts.MSG_FLAGS) & Linux.MSG_CTRUNC()) != 0;
    }

    /** The descriptors that were received. They are open, and the receiver's. */
    List<Integer> descriptors() {
        var found = new ArrayList<Integer>();
        var reader = new ControlReader();
        reader.reset(control, 0, header.get(JAVA_LONG, Layouts.MSG_CONTROLLEN));
        while (reader.next()) {
            if (reader.is(Linux.SOL_SOCKET(), Linux.SCM_RIGHTS())) {
                for (long at = 0; at < reader.dataLength(); at += Integer.BYTES) {
                    found.add(reader.getInt(at));
                }
            }
        }
        return List.copyOf(found);
    }
}
