package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.socket.internal.control.ControlWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One sendmsg with control messages that the test writes, well-formed or not. */
final class RawMessage {

    /** Writes control messages, whose bytes it may change afterwards. */
    @FunctionalInterface
    interface Control {

        void write(MemorySegment room, ControlWriter writer);
    }

    private RawMessage() {}

    /** Returns the number of bytes sent, or {@code -errno}. */
    static long send(UdpSocket socket, SockAddr to, byte[] payload, Control control) {
        return send(socket, to, payload, control, 0);
    }

    /** With flags of sendmsg. */
    static long send(UdpSocket socket, SockAddr to, byte[] payload, Control control, int flags) {
        try (var arena = Arena.ofConfined()) {
            var room = arena.allocate(256, Long.BYTES);
            var writer = new ControlWriter();
            writer.reset(room, 0, room.byteSize());
            control.write(room, writer);
            var message = new MessageHeaders(arena, 1, 1);
            message.name(0, to);
            message.vector(0, arena.allocateFrom(JAVA_BYTE, payload), 0, payload.length);
            message.vectors(0, 0, 1);
            message.control(0, room, 0, writer.length());
            return Kernels.current().sendmsg(socket.descriptor(), message.from(0), flags);
        }
    }
}
