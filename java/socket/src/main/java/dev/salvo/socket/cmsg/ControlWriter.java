package dev.salvo.socket.cmsg;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Appends control messages for sending, without allocating; the layout is drawn at {@link ControlReader}.
 *
 * <p>The kernel refuses a whole message with EINVAL for a cmsg_len beyond msg_controllen, so lengths are written here
 * and nowhere else. Not thread-safe.
 */
public final class ControlWriter {

    private MemorySegment memory = MemorySegment.NULL;
    private long start;
    private long position;
    private long end;

    /** Makes a writer with room for nothing. */
    public ControlWriter() {}

    /**
     * Starts over.
     *
     * @param control where to write
     * @param offset where the first control message goes; a multiple of 8 from an aligned start
     * @param room bytes that may be written
     * @throws IndexOutOfBoundsException if that is not inside {@code control}
     */
    public void reset(MemorySegment control, long offset, long room) {
        Objects.checkFromIndexSize(offset, room, control.byteSize());
        memory = control;
        start = offset;
        position = offset;
        end = offset + room;
    }

    /**
     * Appends a control message that holds a 16-bit number, as {@code UDP_SEGMENT} does.
     *
     * @param level its level
     * @param type its type
     * @param value its data
     * @return this
     * @throws IndexOutOfBoundsException if there is no room
     */
    public ControlWriter putShort(int level, int type, short value) {
        memory.set(JAVA_SHORT_UNALIGNED, begin(level, type, Short.BYTES), value);
        return this;
    }

    /**
     * Appends a control message that holds a 32-bit number, as {@code IP_TTL} does.
     *
     * @param level its level
     * @param type its type
     * @param value its data
     * @return this
     * @throws IndexOutOfBoundsException if there is no room
     */
    public ControlWriter putInt(int level, int type, int value) {
        memory.set(JAVA_INT_UNALIGNED, begin(level, type, Integer.BYTES), value);
        return this;
    }

    /**
     * Appends a control message that holds a 64-bit number, as {@code SCM_TXTIME} does.
     *
     * @param level its level
     * @param type its type
     * @param value its data
     * @return this
     * @throws IndexOutOfBoundsException if there is no room
     */
    public ControlWriter putLong(int level, int type, long value) {
        memory.set(JAVA_LONG_UNALIGNED, begin(level, type, Long.BYTES), value);
        return this;
    }

    /**
     * Appends a control message that holds several 32-bit numbers, as {@code SCM_RIGHTS} does.
     *
     * @param level its level
     * @param type its type
     * @param values its data
     * @return this
     * @throws IndexOutOfBoundsException if there is no room
     */
    public ControlWriter putInts(int level, int type, int... values) {
        var data = begin(level, type, values.length * Integer.BYTES);
        MemorySegment.copy(values, 0, memory, JAVA_INT_UNALIGNED, data, values.length);
        return this;
    }

    private long begin(int level, int type, int dataLength) {
        Objects.checkFromIndexSize(position, Layouts.cmsgSpace(dataLength), end);
        memory.set(JAVA_LONG_UNALIGNED, position + Layouts.CMSG_LEN, Layouts.CMSG_HEADER + dataLength);
        memory.set(JAVA_INT_UNALIGNED, position + Layouts.CMSG_LEVEL, level);
        memory.set(JAVA_INT_UNALIGNED, position + Layouts.CMSG_TYPE, type);
        var data = position + Layouts.CMSG_HEADER;
        position += Layouts.cmsgSpace(dataLength);
        return data;
    }

    /**
     * What has been written.
     *
     * @return bytes, padding included: the value for msg_controllen
     */
    public long length() {
        return position - start;
    }
}
