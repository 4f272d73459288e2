package dev.salvo.socket.internal.control;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Appends control messages for sending, and allocates nothing; the layout is drawn at {@code ControlReader}.
 *
 * <p>
 * The kernel returns EINVAL for the whole message if a cmsg_len goes beyond msg_controllen, so only this class writes
 * lengths.
 */
public final class ControlWriter {

    private MemorySegment memory = MemorySegment.NULL;
    private long start;
    private long position;
    private long end;

    /**
     * Starts over at {@code offset}, with {@code room} bytes. The offset is a multiple of 8 from an aligned start.
     *
     * @throws IndexOutOfBoundsException if they are not inside {@code control}
     */
    public void reset(MemorySegment control, long offset, long room) {
        Objects.checkFromIndexSize(offset, room, control.byteSize());
        memory = control;
        start = offset;
        position = offset;
        end = offset + room;
    }

    public void putShort(int level, int type, short value) {
        memory.set(JAVA_SHORT_UNALIGNED, begin(level, type, Short.BYTES), value);
    }

    public void putInt(int level, int type, int value) {
        memory.set(JAVA_INT_UNALIGNED, begin(level, type, Integer.BYTES), value);
    }

    public void putLong(int level, int type, long value) {
        memory.set(JAVA_LONG_UNALIGNED, begin(level, type, Long.BYTES), value);
    }

    public void putInts(int level, int type, int... values) {
        var data = begin(level, type, values.length * Integer.BYTES);
        MemorySegment.copy(values, 0, memory, JAVA_INT_UNALIGNED, data, values.length);
    }

    /** IP_PKTINFO: ipi_ifindex, ipi_spec_dst, and ipi_addr, which the kernel does not read. */
    void putPktinfo(int index, int source) {
        var data = begin(Linux.IPPROTO_IP(), Linux.IP_PKTINFO(), 3 * Integer.BYTES);
        memory.set(JAVA_INT_UNALIGNED, data, index);
        memory.set(JAVA_INT_UNALIGNED, data + 4, source);
        memory.set(JAVA_INT_UNALIGNED, data + 8, 0);
    }

    /** IPV6_PKTINFO or its older number: ipi6_addr and ipi6_ifindex. */
    void putPktinfo6(int type, int index, long first, long second) {
        var data = begin(Linux.IPPROTO_IPV6(), type, 5 * Integer.BYTES);
        memory.set(JAVA_LONG_UNALIGNED, data, first);
        memory.set(JAVA_LONG_UNALIGNED, data + 8, second);
        memory.set(JAVA_INT_UNALIGNED, data + 16, index);
    }

    /** Writes the header of a control message, and returns where its data begins. */
    private long begin(int level, int type, int dataLength) {
        Objects.checkFromIndexSize(position, Layouts.cmsgSpace(dataLength), end);
        memory.set(JAVA_LONG_UNALIGNED, position + Layouts.CMSG_LEN, Layouts.CMSG_HEADER + dataLength);
        memory.set(JAVA_INT_UNALIGNED, position + Layouts.CMSG_LEVEL, level);
        memory.set(JAVA_INT_UNALIGNED, position + Layouts.CMSG_TYPE, type);
        var data = position + Layouts.CMSG_HEADER;
        position += Layouts.cmsgSpace(dataLength);
        return data;
    }

    /** How many bytes have been written, padding included: the value for msg_controllen. */
    public long length() {
        return position - start;
    }
}
