package dev.salvo.socket.internal.send;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.Owner;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.control.ControlWriter;
import dev.salvo.socket.internal.send.Pieces.Piece;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of sendmmsg: message headers with iovecs and control messages. The messages from {@link #next} to
 * {@link #end} are not yet sent. The table grows when messages are described, and never while they are sent.
 */
final class MessageTable {

    /** What the headers hold for a message, so that it is not written again. */
    private static final class Row {

        /** Its address; null if that was a view, or if there was none yet. */
        @Nullable
        NativeAddress name;
        /** What its own iovec points to. */
        @Nullable
        MemorySegment memory;
        long offset;
        int length;
        /** Whether it has its own iovec and no control message. */
        boolean plain;
    }

    /** One UDP_SEGMENT: 16 bits. */
    private static final long CONTROL_ROOM = Layouts.cmsgSpace(Short.BYTES);
    private static final long CONTROL_ROOM_WITH_OPTIONS = CONTROL_ROOM + ControlOptions.ROOM;

    private final BorrowedPayload borrowed;
    private final ControlWriter writer = new ControlWriter();
    private final Owner owner;
    /** For the headers and the control messages, which are replaced by larger ones together. */
    private Arena arena;
    private Row[] rows = {};
    /** With an iovec for each message, and behind those the iovecs of messages that need several. */
    private MessageHeaders headers;
    private int vectors;
    /** UDP_SEGMENT for each message, {@link #controlStride} apart, and behind it room for options once one had any. */
    private MemorySegment control = MemorySegment.NULL;
    private long controlStride = CONTROL_ROOM;
    private int vectorCount;
    /** Whether the socket has a UDP_SEGMENT of its own, which must not split the datagrams. */
    private boolean unsplit;
    int next;
    int end;

    /** An empty table, which needs {@link #reserve} first. */
    MessageTable(BorrowedPayload borrowed, Owner owner) {
        this.borrowed = borrowed;
        this.owner = owner;
        this.arena = owner.arena();
        this.headers = new MessageHeaders(arena, 0, 0);
    }

    /**
     * Makes room for {@code messages} messages, those before {@link #next} included, of which those that need several
     * iovecs need {@code moreVectors} together. The messages must all be put again.
     */
    void reserve(int messages, int moreVectors) {
        if (messages > rows.length || moreVectors > vectors) {
            resize(Growth.capacity(Math.max(messages, rows.length)), Growth.capacity(Math.max(moreVectors, vectors)));
        }
    }

    private void resize(int messages, int moreVectors) {
        var newRows = Growth.resized(new Row[0], messages, Row::new);
        var newArena = owner.arena();
        MessageHeaders newHeaders;
        MemorySegment newControl;
        try {
            newHeaders = new MessageHeaders(newArena, messages, messages + moreVectors);
            newControl = newArena.allocate(messages * controlStride, Long.BYTES);
        } catch (Throwable t) {
            newArena.close();
            throw t;
        }
        for (int i = 0; i < messages; i++) {
            writer.reset(newControl, i * controlStride, CONTROL_ROOM);
            writer.putShort(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, (short) 0);
        }
        rows = newRows;
        headers = newHeaders;
        vectors = moreVectors;
        control = newControl;
        arena.close();
        arena = newArena;
    }

    /** Frees the memory of all messages, which must be put again. */
    void release() {
        clear();
        controlStride = CONTROL_ROOM;
        resize(0, 0);
    }

    void close() {
        arena.close();
    }

    boolean isEmpty() {
        return next == end;
    }

    void clear() {
        next = 0;
        end = 0;
        vectorCount = 0;
    }

    /** Whether messages that are put from now on override the UDP_SEGMENT of their socket. */
    void unsplit(boolean on) {
        unsplit = on;
    }

    /** Forgets the messages from {@link #next} on, to put them again. */
    void rewind() {
        end = next;
        vectorCount = 0;
    }

    /** Puts a message as one, which the kernel splits if it has several datagrams. */
    void putWhole(OutgoingMessage message, MemorySegment region) {
        var first = message.first;
        if (message.options == null && message.datagrams == 1 && !unsplit) {
            putPlain(message, memory(first, region), start(first), first.length);
            return;
        }
        int vectors = 0;
        for (var piece = first; piece != null; piece = piece.next) {
            vector(memory(piece, region), start(piece), piece.length);
            vectors++;
        }
        put(message, vectors, message.datagrams > 1 ? message.segmentSize : 0);
    }

    /** Puts each datagram of a message as a message of its own. */
    void putOneByOne(OutgoingMessage message, MemorySegment region) {
        int done = 0;
        for (var piece = message.first; piece != null; piece = piece.next) {
            int length;
            for (int at = 0; at < piece.length; at += length) {
                length = message.length(done++);
                if (message.options == null && !unsplit) {
                    putPlain(message, memory(piece, region), start(piece) + at, length);
                } else {
                    vector(memory(piece, region), start(piece) + at, length);
                    put(message, 1, 0);
                }
            }
        }
    }

    private MemorySegment memory(Piece piece, MemorySegment region) {
        return piece.isBorrowed() ? borrowed.memory() : region;
    }

    private static long start(Piece piece) {
        return piece.isBorrowed() ? piece.source : piece.offset;
    }

    /** Puts a message of one iovec without control messages. What the headers hold already is not written again. */
    // Compared by identity: another segment of the same memory is written again.
    @SuppressWarnings("MemorySegmentReferenceEquality")
    private void putPlain(OutgoingMessage message, MemorySegment memory, long offset, int length) {
        var row = rows[end];
        putName(row, message);
        if (row.memory != memory || row.offset != offset || row.length != length) {
            headers.vector(end, memory, offset, length);
            row.memory = memory;
            row.offset = offset;
            row.length = length;
        }
        if (!row.plain) {
            row.plain = true;
            headers.vectors(end, end, 1);
            headers.controlLength(end, 0);
        }
        end++;
    }

    private void putName(Row row, OutgoingMessage message) {
        var to = message.destination.address;
        if (row.name != to) {
            row.name = Struct.isView(to) ? null : to;
            headers.name(end, to);
        }
    }

    /** Adds an iovec to the message that the next {@link #put} ends. */
    private void vector(MemorySegment payload, long offset, int length) {
        headers.vector(rows.length + vectorCount++, payload, offset, length);
    }

    /** Ends a message of the last {@code count} iovecs. The kernel splits it by a segment size that is not 0. */
    private void put(OutgoingMessage message, int count, int segmentSize) {
        var row = rows[end];
        row.plain = false;
        putName(row, message);
        headers.vectors(end, rows.length + vectorCount - count, count);
        putControl(message, segmentSize);
        end++;
    }

    /**
     * Writes UDP_SEGMENT, and the options after it. UDP_SEGMENT is left out if it is 0, except for sockets that have
     * one of their own, which 0 overrides.
     */
    private void putControl(OutgoingMessage message, int segmentSize) {
        var options = message.options;
        if (options != null) {
            widenControl();
        }
        var segment = end * controlStride;
        var behind = segment + CONTROL_ROOM;
        var start = behind;
        if (segmentSize > 0 || unsplit) {
            control.set(JAVA_SHORT, segment + Layouts.CMSG_HEADER, (short) segmentSize);
            start = segment;
        }
        var length = behind - start;
        if (options != null) {
            writer.reset(control, behind, ControlOptions.ROOM);
            options.write(writer, message.destination.address);
            length += writer.length();
        }
        headers.control(end, control, start, length);
    }

    /** Makes room for options behind each UDP_SEGMENT. Messages that are put already point into the old room. */
    private void widenControl() {
        if (controlStride == CONTROL_ROOM) {
            var wider = arena.allocate(rows.length * CONTROL_ROOM_WITH_OPTIONS, Long.BYTES);
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(control, i * CONTROL_ROOM, wider, i * CONTROL_ROOM_WITH_OPTIONS, CONTROL_ROOM);
            }
            control = wider;
            controlStride = CONTROL_ROOM_WITH_OPTIONS;
        }
    }

    /** Calls sendmmsg with up to {@code count} messages. Returns how many the kernel accepted, or {@code -errno}. */
    int send(FileDescriptor fd, int count, int flags) {
        return fd.sendmmsg(headers.from(next), count, flags);
    }
}
