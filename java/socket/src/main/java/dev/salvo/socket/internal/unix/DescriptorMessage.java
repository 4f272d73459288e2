package dev.salvo.socket.internal.unix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.linux.ControlReader;
import dev.salvo.socket.internal.control.ControlWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on a Unix stream socket: bytes, and descriptors with them (SCM_RIGHTS of unix(7)). It has at least one
 * byte, since a stream delivers descriptors only together with the byte that they were sent with.
 */
public final class DescriptorMessage {

    /** The most descriptors in a message. The kernel's own limit is 253 (SCM_MAX_FD of include/net/scm.h). */
    public static final int MOST = 64;

    /**
     * Bytes that a peer sends with its descriptors are read, since a close with unread bytes would reset the
     * connection. They are ignored.
     */
    private static final int PAYLOAD_ROOM = 4096;

    private final MessageHeaders message;
    private final MemorySegment payload;
    private final MemorySegment control;

    public DescriptorMessage(Arena arena) {
        message = new MessageHeaders(arena, 1, 1);
        // The descriptors take a multiple of 8 bytes: padding would be room for one more.
        control = arena.allocate(Layouts.cmsgSpace(MOST * Integer.BYTES), Long.BYTES);
        payload = arena.allocate(PAYLOAD_ROOM);
        message.vectors(0, 0, 1);
    }

    /** A message of one byte without descriptors. */
    public MemorySegment toSend(byte value) {
        payload.set(JAVA_BYTE, 0, value);
        message.vector(0, payload, 0, 1);
        message.controlLength(0, 0);
        return message.from(0);
    }

    /** A message of one zero byte with these descriptors. */
    public MemorySegment toSend(int... descriptors) {
        var writer = new ControlWriter();
        writer.reset(control, 0, control.byteSize());
        writer.putInts(Linux.SOL_SOCKET(), Linux.SCM_RIGHTS(), descriptors);
        message.vector(0, payload, 0, 1);
        message.control(0, control, 0, writer.length());
        return message.from(0);
    }

    public MemorySegment toReceive() {
        message.prepare(0, 0);
        message.vector(0, payload, 0, PAYLOAD_ROOM);
        message.control(0, control, 0, control.byteSize());
        return message.from(0);
    }

    /** Whether the peer sent descriptors that did not arrive. */
    public boolean isTruncated() {
        return message.hasFlag(0, Linux.MSG_CTRUNC());
    }

    /** The descriptors that were received. They are open, and the caller must close them. */
    public List<Integer> descriptors() {
        var found = new ArrayList<Integer>();
        var reader = new ControlReader();
        reader.reset(control, 0, message.controlLength(0));
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
