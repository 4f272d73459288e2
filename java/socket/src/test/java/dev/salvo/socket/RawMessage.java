package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One sendmsg with control messages of the test's own, well-formed or not. */
final class RawMessage {

    /** Writes control messages and returns the value for msg_controllen. */
    @FunctionalInterface
    interface Control {

        long write(MemorySegment room, ControlWriter writer);
    }

    private RawMessage() {}

    /** How many bytes were sent, or {@code -errno}. */
    static long send(UdpSocket socket, SockAddr to, byte[] payload, Control control) {
        return send(socket, to, payload, control, 0);
    }

    /** With flags of sendmsg. */
    static long send(UdpSocket socket, SockAddr to, byte[] payload, Control control, int flags) {
        try (var arena = Arena.ofConfined()) {
            var message = arena.allocate(Layouts.MMSGHDR, Long.BYTES);
            var name = arena.allocate(SockAddr.ROOM, Long.BYTES);
            var vector = arena.allocate(Layouts.IOVEC, Long.BYTES);
            var room = arena.allocate(256, Long.BYTES);
            var writer = new ControlWriter();
            writer.reset(room, 0, room.byteSize());
            message.set(ADDRESS, Layouts.MSG_NAME, name);
            message.set(JAVA_INT, Layouts.MSG_NAMELEN, to.store(name, 0));
            message.set(ADDRESS, Layouts.MSG_IOV, vector);
            message.set(JAVA_LONG, Layouts.MSG_IOVLEN, 1);
            vector.set(ADDRESS, Layouts.IOV_BASE, arena.allocateFrom(JAVA_BYTE, payload));
            vector.set(JAVA_LONG, Layouts.IOV_LEN, payload.length);
            message.set(ADDRESS, Layouts.MSG_CONTROL, room);
            message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, control.write(room, writer));
            return Kernels.current().sendmsg(socket.descriptor(), message, flags);
        }
    }
}
