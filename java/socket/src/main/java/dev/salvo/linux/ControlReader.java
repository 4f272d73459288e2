package dev.salvo.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.kernel.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Iterates over the control messages of one received message, as {@code CMSG_FIRSTHDR} and {@code CMSG_NXTHDR} of
 * cmsg(3) do. It allocates nothing, and the memory need not be well-formed.
 *
 * <pre>
 * 0          8            12          16
 * | cmsg_len | cmsg_level | cmsg_type | data ... | padding to 8 |
 * </pre>
 *
 * <p>
 * {@code cmsg_len} counts the header and the data, not the padding. The iteration ends at the first control message
 * whose {@code cmsg_len} is less than the header or more than the bytes that are left. Not thread-safe.
 */
public final class ControlReader {

    private MemorySegment memory = MemorySegment.NULL;
    private long next;
    private long end;
    private long data;
    private long dataLength;
    private int level;
    private int type;

    /** Creates a reader without control messages; {@link #reset} gives it some. */
    public ControlReader() {}

    /**
     * Starts over, before the first control message of a range of memory.
     *
     * @param control memory that stays valid while it is read
     * @param offset where the control messages begin, in bytes
     * @param length the length of all control messages in bytes: the value of msg_controllen
     * @throws IndexOutOfBoundsException if the range is not inside {@code control}
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
     * @return true if there is one; false at the end, and if the rest is not a whole control message
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
     * Whether the current control message has a given level and type.
     *
     * @param ofLevel a level, for instance {@code SOL_UDP}
     * @param ofType a type of that level, for instance {@code UDP_GRO}
     * @return true if both are equal
     */
    public boolean is(int ofLevel, int ofType) {
        return level == ofLevel && type == ofType;
    }

    /**
     * The level of the current control message.
     *
     * @return for instance {@code SOL_UDP}
     */
    public int level() {
        return level;
    }

    /**
     * The type of the current control message.
     *
     * @return for instance {@code UDP_GRO}
     */
    public int type() {
        return type;
    }

    /**
     * The length of the current control message's data.
     *
     * @return the length in bytes, without header and padding; 0 before the first control message
     */
    public long dataLength() {
        return dataLength;
    }

    /**
     * One byte of the current control message's data.
     *
     * @param offset in bytes, from the start of the data
     * @return the byte
     * @throws IndexOutOfBoundsException if the byte is not inside the data
     */
    public byte getByte(long offset) {
        return memory.get(JAVA_BYTE, at(offset, 1));
    }

    /**
     * Four bytes of the current control message's data.
     *
     * @param offset in bytes, from the start of the data
     * @return the bytes as an int, in the machine's byte order
     * @throws IndexOutOfBoundsException if the bytes are not inside the data
     */
    public int getInt(long offset) {
        return memory.get(JAVA_INT_UNALIGNED, at(offset, 4));
    }

    /**
     * Eight bytes of the current control message's data.
     *
     * @param offset in bytes, from the start of the data
     * @return the bytes as a long, in the machine's byte order
     * @throws IndexOutOfBoundsException if the bytes are not inside the data
     */
    public long getLong(long offset) {
        return memory.get(JAVA_LONG_UNALIGNED, at(offset, 8));
    }

    private long at(long offset, int size) {
        return data + Objects.checkFromIndexSize(offset, size, dataLength);
    }
}
