package dev.salvo.socket;

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

    /** What the memory says of a message, so that it is not written again. */
    private static final class Row {

        /** Its address; null if that was a view, or if there was none yet. */
        @Nullable
        SockAddr name;
        /** Where its own vector begins, and its length. */
        long base;
        int length;
        /** Whether it has its own vector and no control message. */
        boolean plain;
    }

    /** One UDP_SEGMENT: 16 bits. */
    private static final long CONTROL_ROOM = Layouts.cmsgSpace(Short.BYTES);
    private static final long CONTROL_ROOM_WITH_OPTIONS = CONTROL_ROOM + OptionControl.ROOM;

    private final Arena arena;
    private final int messages;
    private final Row[] rows;
    /** One for all, so that the JIT checks but once that it is alive: headers, behind them names, then vectors. */
    private final MemorySegment memory;

    /** Of that, what the kernel is given. */
    private final MemorySegment headers;

    private final long names;
    /** One for each message, and behind those the ones of messages that need several. */
    private final long vectors;
    /** UDP_SEGMENT for each message, {@link #controlStride} apart, and behind it room for options once one had any. */
    private MemorySegment control;

    private long controlStride = CONTROL_ROOM;
    private @Nullable OptionControl optionControl;
    private int vectorCount;
    int next;
    int end;

    MessageTable(Arena arena, int messages, int maxVectors) {
        this.arena = arena;
        this.messages = messages;
        rows = new Row[messages];
        names = messages * Layouts.MMSGHDR;
        vectors = names + (long) messages * SockAddr.ROOM;
        memory = arena.allocate(vectors + (messages + maxVectors) * Layouts.IOVEC, Long.BYTES);
        headers = memory.asSlice(0, names);
        control = arena.allocate(messages * CONTROL_ROOM, Long.BYTES);
        var writer = new ControlWriter();
        for (int i = 0; i < messages; i++) {
            rows[i] = new Row();
            memory.set(JAVA_LONG, i * Layouts.MMSGHDR + Layouts.MSG_NAME, memory.address() + name(i));
            writer.reset(control, i * CONTROL_ROOM, CONTROL_ROOM);
            writer.putShort(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, (short) 0);
        }
    }

    private long name(int message) {
        return names + (long) message * SockAddr.ROOM;
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

    /** Puts a message of one vector that has nothing beside its address. What the table says already is left there. */
    void putPlain(SockAddr to, MemorySegment payload, long offset, int length) {
        var row = rows[end];
        var header = end * Layouts.MMSGHDR;
        var vector = vectors + end * Layouts.IOVEC;
        putName(row, to);
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        var base = payload.address() + offset;
        if (row.base != base || row.length != length) {
            row.base = base;
            row.length = length;
            memory.set(JAVA_LONG, vector + Layouts.IOV_BASE, base);
            memory.set(JAVA_LONG, vector + Layouts.IOV_LEN, length);
        }
        if (!row.plain) {
            row.plain = true;
            memory.set(JAVA_LONG, header + Layouts.MSG_IOV, memory.address() + vector);
            memory.set(JAVA_LONG, header + Layouts.MSG_IOVLEN, 1);
            memory.set(JAVA_LONG, header + Layouts.MSG_CONTROLLEN, 0);
        }
        end++;
    }

    /** Without an address the length is 0, and the kernel ignores the pointer. */
    private void putName(Row row, SockAddr to) {
        if (row.name != to) {
            row.name = to.isView() ? null : to;
            var length = to.store(memory, name(end));
            memory.set(JAVA_INT, end * Layouts.MMSGHDR + Layouts.MSG_NAMELEN, length);
        }
    }

    /** Adds a vector to the message that the next {@link #put} ends. */
    void vector(MemorySegment payload, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        var vector = vectors + (messages + vectorCount++) * Layouts.IOVEC;
        memory.set(JAVA_LONG, vector + Layouts.IOV_BASE, payload.address() + offset);
        memory.set(JAVA_LONG, vector + Layouts.IOV_LEN, length);
    }

    /**
     * Ends a message that consists of the last {@code count} vectors.
     *
     * @param message says where it goes, and with which options
     * @param segmentSize how the kernel takes it apart; 0 for not at all
     */
    void put(OutgoingMessage message, int count, int segmentSize) {
        var row = rows[end];
        row.plain = false;
        putName(row, message.destination.address);
        var header = end * Layouts.MMSGHDR;
        var first = vectors + (messages + vectorCount - count) * Layouts.IOVEC;
        memory.set(JAVA_LONG, header + Layouts.MSG_IOV, memory.address() + first);
        memory.set(JAVA_LONG, header + Layouts.MSG_IOVLEN, count);
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
        memory.set(JAVA_LONG, header + Layouts.MSG_CONTROL, control.address() + start);
        memory.set(JAVA_LONG, header + Layouts.MSG_CONTROLLEN, length);
    }

    /** One sendmmsg of up to {@code count} messages: how many the kernel took, or {@code -errno}. */
    int send(FileDescriptor fd, int count, int flags) {
        var from = next == 0 ? headers : headers.asSlice(next * Layouts.MMSGHDR);
        return fd.sendmmsg(from, count, flags);
    }
}
