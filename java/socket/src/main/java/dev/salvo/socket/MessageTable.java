package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What sendmmsg takes: an array of mmsghdr with the addresses, vectors and control messages that they point to. The
 * messages from {@link #next} to {@link #end} are still to be sent.
 */
final class MessageTable {

    /** One UDP_SEGMENT: 16 bits. */
    private static final long CONTROL_ROOM = Layouts.cmsgSpace(Short.BYTES);
    private static final long CONTROL_ROOM_WITH_OPTIONS = CONTROL_ROOM + OptionControl.ROOM;

    private final Arena arena;
    private final int messages;
    private final MemorySegment headers;
    private final MemorySegment names;
    /** UDP_SEGMENT for each message, {@link #controlStride} apart, and behind it room for options once one had any. */
    private MemorySegment control;

    private long controlStride = CONTROL_ROOM;
    private @Nullable OptionControl optionControl;
    private final MemorySegment vectors;
    private int vectorCount;
    int next;
    int end;

    MessageTable(Arena arena, int messages, int maxVectors) {
        this.arena = arena;
        this.messages = messages;
        headers = arena.allocate(messages * Layouts.MMSGHDR, Long.BYTES);
        names = arena.allocate((long) messages * SockAddr.ROOM, Long.BYTES);
        control = arena.allocate(messages * CONTROL_ROOM, Long.BYTES);
        vectors = arena.allocate(maxVectors * Layouts.IOVEC, Long.BYTES);
        var writer = new ControlWriter();
        for (int i = 0; i < messages; i++) {
            var header = i * Layouts.MMSGHDR;
            headers.set(ADDRESS, header + Layouts.MSG_NAME, names.asSlice((long) i * SockAddr.ROOM));
            writer.reset(control, i * CONTROL_ROOM, CONTROL_ROOM);
            writer.putShort(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, (short) 0);
        }
    }

    /** With room for options behind each UDP_SEGMENT; messages that were there go on pointing into the old room. */
    private OptionControl optionControl() {
        if (optionControl != null) {
            return optionControl;
        }
        var wider = arena.allocate(messages * CONTROL_ROOM_WITH_OPTIONS, Long.BYTES);
        for (int i = 0; i < messages; i++) {
            MemorySegment.copy(control, i * CONTROL_ROOM, wider, i * CONTROL_ROOM_WITH_OPTIONS, CONTROL_ROOM);
        }
        control = wider;
        controlStride = CONTROL_ROOM_WITH_OPTIONS;
        optionControl = new OptionControl();
        return optionControl;
    }

    boolean isEmpty() {
        return next == end;
    }

    void clear() {
        next = 0;
        end = 0;
        vectorCount = 0;
    }

    /** Forgets the messages from {@link #next} on, to put them again. */
    void rewind() {
        end = next;
        vectorCount = 0;
    }

    /** Adds a vector to the message that the next {@link #put} ends. */
    void vector(MemorySegment memory, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        var vector = vectorCount++ * Layouts.IOVEC;
        vectors.set(JAVA_LONG, vector + Layouts.IOV_BASE, memory.address() + offset);
        vectors.set(JAVA_LONG, vector + Layouts.IOV_LEN, length);
    }

    /**
     * Ends a message that consists of the last {@code count} vectors.
     *
     * @param message says where it goes, and with which options
     * @param segmentSize how the kernel takes it apart; 0 for not at all
     */
    void put(OutgoingMessage message, int count, int segmentSize) {
        var header = end * Layouts.MMSGHDR;
        // Without an address the length is 0, and the kernel ignores the pointer.
        var nameLength = message.destination.address.store(names, (long) end * SockAddr.ROOM);
        headers.set(JAVA_INT, header + Layouts.MSG_NAMELEN, nameLength);
        headers.set(
                JAVA_LONG, header + Layouts.MSG_IOV, vectors.address() + (vectorCount - count) * Layouts.IOVEC);
        headers.set(JAVA_LONG, header + Layouts.MSG_IOVLEN, count);
        putControl(header, message, segmentSize);
        end++;
    }

    /** UDP_SEGMENT, and options behind it; without segments none, since a 0 would undo the socket's own UDP_SEGMENT. */
    private void putControl(long header, OutgoingMessage message, int segmentSize) {
        var options = message.options;
        var writer = options == null ? null : optionControl();
        var segment = end * controlStride;
        var behind = segment + CONTROL_ROOM;
        var start = behind;
        if (segmentSize > 0) {
            control.set(JAVA_SHORT, segment + Layouts.CMSG_HEADER, (short) segmentSize);
            start = segment;
        }
        var length = behind - start;
        if (options != null && writer != null) {
            length += writer.write(control, behind, options, message.destination.address);
        }
        headers.set(JAVA_LONG, header + Layouts.MSG_CONTROL, control.address() + start);
        headers.set(JAVA_LONG, header + Layouts.MSG_CONTROLLEN, length);
    }

    /** One sendmmsg of up to {@code count} messages: how many the kernel took, or {@code -errno}. */
    int send(FileDescriptor fd, int count, int flags) {
        var from = next == 0 ? headers : headers.asSlice(next * Layouts.MMSGHDR);
        return fd.sendmmsg(from, count, flags);
    }
}
