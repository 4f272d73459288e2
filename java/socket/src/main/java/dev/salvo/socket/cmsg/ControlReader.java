package dev.salvo.socket.cmsg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Walks the control messages of one received message, without allocating: {@code CMSG_FIRSTHDR} and {@code CMSG_NXTHDR}
 * of cmsg(3), on memory that need not be well-formed.
 *
 * <pre> 0 8 12 16 | cmsg_len | cmsg_level | cmsg_type | data ... | padding to 8 | </pre>
 *
 * <p>{@code cmsg_len} counts header and data, not the padding. Reading ends at the first message that is too short for
 * its header or longer than what is left. Not thread-safe.
 */
public final class ControlReader {

    private MemorySegment memory = MemorySegment.NULL;
    private long next;
    private long end;
    private long data;
    private long dataLength;
    private int level;
    private int type;

    /** Makes a reader over nothing. */
    public ControlReader() {}

    /**
     * Starts over, before the first control message.
     *
     * @param control memory that stays valid while it is read
     * @param offset where the control messages begin
     * @param length their length in bytes, as msg_controllen tells it
     * @throws IndexOutOfBoundsException if that is not inside {@code control}
     */
    public void reset(MemorySegment control, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, control.byteSize());
        memory = control;
        next = offset;
        end = offset + length;
        dataLength = 0;
    }

    /**
     * Moves on to the next control message.
     *
     * @return false if there is no further one, or none that is whole
     */
    public boolean next() {
        if (end - next < Layouts.CMSG_HEADER) {
            return false;
        }
        var length = memory.get(JAVA_LONG_UNALIGNED, next + Layouts.CMSG_LEN);
        if (length < Layouts.CMSG_HEADER || length > end - next) {
            next = end;
            return false;
        }
        level = memory.get(JAVA_INT_UNALIGNED, next + Layouts.CMSG_LEVEL);
        type = memory.get(JAVA_INT_UNALIGNED, next + Layouts.CMSG_TYPE);
        data = next + Layouts.CMSG_HEADER;
        dataLength = length - Layouts.CMSG_HEADER;
        next = Math.min(end, next + Layouts.cmsgAlign(length));
        return true;
    }

    /**
     * Whether the control message is of a kind.
     *
     * @param ofLevel a level, for instance {@code SOL_UDP}
     * @param ofType a type of that level, for instance {@code UDP_GRO}
     * @return true if both are the same
     */
    public boolean is(int ofLevel, int ofType) {
        return level == ofLevel && type == ofType;
    }

    /**
     * The level of the control message.
     *
     * @return for instance {@code SOL_UDP}
     */
    public int level() {
        return level;
    }

    /**
     * The type of the control message.
     *
     * @return for instance {@code UDP_GRO}
     */
    public int type() {
        return type;
    }

    /**
     * The length of the data.
     *
     * @return bytes, without header and padding
     */
    public long dataLength() {
        return dataLength;
    }

    /**
     * One byte of the data.
     *
     * @param offset from the start of the data
     * @return the byte
     * @throws IndexOutOfBoundsException if the data ends before it
     */
    public byte getByte(long offset) {
        return memory.get(JAVA_BYTE, at(offset, 1));
    }

    /**
     * Four bytes of the data.
     *
     * @param offset from the start of the data
     * @return the int there, in the machine's order
     * @throws IndexOutOfBoundsException if the data ends before it does
     */
    public int getInt(long offset) {
        return memory.get(JAVA_INT_UNALIGNED, at(offset, 4));
    }

    /**
     * Eight bytes of the data.
     *
     * @param offset from the start of the data
     * @return the long there, in the machine's order
     * @throws IndexOutOfBoundsException if the data ends before it does
     */
    public long getLong(long offset) {
        return memory.get(JAVA_LONG_UNALIGNED, at(offset, 8));
    }

    private long at(long offset, int size) {
        return data + Objects.checkFromIndexSize(offset, size, dataLength);
    }
}
