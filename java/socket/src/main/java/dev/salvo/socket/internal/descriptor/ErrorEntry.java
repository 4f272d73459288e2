package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_extended_err;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.ControlReader;
import dev.salvo.linux.Errno;
import dev.salvo.socket.internal.observe.ErrorQueueEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an error queue, in memory that is allocated once.
 *
 * <p>
 * Its name is the destination of the datagram that the error is about, and its data is the quoted part of the payload.
 * The error is a control message, IP_RECVERR or IPV6_RECVERR: a sock_extended_err, followed by the address of the
 * offender. An INET6 socket gets IPV6_RECVERR for IPv4-mapped destinations, too; ee_origin distinguishes them. A
 * transmit timestamp has no name and the same control message, with an offender of no family; its time is in another
 * control message before that.
 */
public final class ErrorEntry {

    private static final int FLAGS = Linux.MSG_ERRQUEUE() | Linux.MSG_DONTWAIT();
    private static final int PEEK = Linux.MSG_PEEK() | Linux.MSG_DONTWAIT();
    /**
     * The error follows the other control messages that the socket's options ask for (ip_recv_error of
     * net/ipv4/ip_sockglue.c), which can take more than 200 bytes.
     */
    private static final int CONTROL_ROOM = 512;
    /**
     * No ICMPv6 error is larger, headers included (RFC 4443, 2.4), and no ICMP error exceeds 576 bytes (RFC 1812,
     * 4.3.2.3).
     */
    private static final int QUOTE_ROOM = 1_280;

    private static final long OFFENDER = sock_extended_err.sizeof();
    /** struct scm_timestamping: three times; the second is no longer used. */
    private static final long TIMES = 3 * Layouts.TIMESPEC;

    private static final long HARDWARE = 2 * Layouts.TIMESPEC;

    private final MessageHeaders message;
    private final MemorySegment control;
    private final MemorySegment offender;
    private final MemorySegment quote;
    private final ControlReader reader = new ControlReader();
    private int quoted;
    private long softwareNanos;
    private long hardwareNanos;

    ErrorEntry(Arena arena) {
        control = arena.allocate(CONTROL_ROOM, Long.BYTES);
        offender = arena.allocate(Struct.ROOM, Long.BYTES);
        quote = arena.allocate(QUOTE_ROOM);
        message = new MessageHeaders(arena, 1, 1);
        message.vector(0, quote, 0, QUOTE_ROOM);
        message.vectors(0, 0, 1);
        message.control(0, control, 0, CONTROL_ROOM);
    }

    /** Takes the oldest entry off the queue. Returns 0, or {@code -errno}: EAGAIN if there is none. */
    int read(FileDescriptor fd) {
        message.prepare(0, CONTROL_ROOM);
        var result = fd.recvmsg(message.from(0), FLAGS);
        quoted = Math.clamp(result, 0, QUOTE_ROOM);
        return (int) Math.min(result, 0);
    }

    /**
     * Takes the pending error by looking at the next datagram, which stays in the socket: every receive call returns
     * and clears the error first (sock_error in __skb_try_recv_datagram of net/core/datagram.c). Returns 0, or
     * {@code -errno}.
     */
    int takePendingError(FileDescriptor fd) {
        message.prepare(0, CONTROL_ROOM);
        return (int) Math.min(fd.recvmsg(message.from(0), PEEK), 0);
    }

    boolean controlTruncated() {
        return message.hasFlag(0, Linux.MSG_CTRUNC());
    }

    /**
     * Whether this is an ICMP error, whole and with a destination. The queue also has transmit timestamps, zerocopy
     * completions and local errors; the call that caused a local error has returned it already. Allocates nothing.
     */
    boolean isIcmp() {
        return message.hasName(0) && findError() && (isIcmpv4() || origin() == Linux.SO_EE_ORIGIN_ICMP6());
    }

    /** Whether this is a transmit timestamp with a time. Allocates nothing. */
    boolean isTimestamp() {
        return findError()
                && origin() == Linux.SO_EE_ORIGIN_TIMESTAMPING()
                && (softwareNanos > 0 || hardwareNanos > 0)
                && (isSent() || info() == Linux.SCM_TSTAMP_SCHED());
    }

    /** Finds the control message with the error, and reads the times of a timestamp, which come before it. */
    private boolean findError() {
        softwareNanos = -1;
        hardwareNanos = -1;
        reader.reset(control, 0, Math.clamp(message.controlLength(0), 0, CONTROL_ROOM));
        while (reader.next()) {
            readTimes();
            if (reader.is(Linux.IPPROTO_IP(), Linux.IP_RECVERR())) {
                return reader.dataLength() >= OFFENDER + Layouts.SOCKADDR_IN;
            }
            if (reader.is(Linux.IPPROTO_IPV6(), Linux.IPV6_RECVERR())) {
                return reader.dataLength() >= OFFENDER + Layouts.SOCKADDR_IN6;
            }
        }
        return false;
    }

    private void readTimes() {
        if ((reader.is(Linux.SOL_SOCKET(), Linux.SCM_TIMESTAMPING())
                || reader.is(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING_NEW())) && reader.dataLength() >= TIMES) {
            softwareNanos = time(0);
            hardwareNanos = time(HARDWARE);
        }
    }

    /** Nanoseconds; -1 for 0, which means that there is no time. */
    private long time(long offset) {
        var seconds = reader.getLong(offset + Layouts.TV_SEC);
        var nanoseconds = seconds * 1_000_000_000 + reader.getLong(offset + Layouts.TV_NSEC);
        return nanoseconds > 0 ? nanoseconds : -1;
    }

    /** The errno of an ICMP error. */
    public int errno() {
        return reader.getInt(sock_extended_err.ee_errno$offset());
    }

    /** Whether an ICMP error came over IPv4. */
    public boolean isIcmpv4() {
        return origin() == Linux.SO_EE_ORIGIN_ICMP();
    }

    private int origin() {
        return unsignedByte(sock_extended_err.ee_origin$offset());
    }

    public int type() {
        return unsignedByte(sock_extended_err.ee_type$offset());
    }

    public int code() {
        return unsignedByte(sock_extended_err.ee_code$offset());
    }

    /** The additional information of an ICMP error, or the point at which a timestamp was taken. */
    public int info() {
        return reader.getInt(sock_extended_err.ee_info$offset());
    }

    /** The destination of the datagram that an ICMP error is about. */
    public NativeAddress destination() {
        var address = new NativeAddress();
        message.loadName(0, address);
        return address;
    }

    /** The address of the host that sent an ICMP error; null if the kernel does not say. */
    public @Nullable NativeAddress offender() {
        var length = Math.min(reader.dataLength() - OFFENDER, Layouts.SOCKADDR_IN6);
        for (long at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
            offender.set(JAVA_INT, at, reader.getInt(OFFENDER + at));
        }
        return Struct.isWhole(offender, 0, length) ? Struct.read(offender, 0) : null;
    }

    /** The part of the payload that an ICMP error quotes; valid until the next entry is read. */
    public ByteBuffer quote() {
        return quote.asSlice(0, quoted).asByteBuffer();
    }

    /** The id of a timestamp. */
    public int timestampId() {
        return reader.getInt(sock_extended_err.ee_data$offset());
    }

    /**
     * Whether a timestamp was taken when the datagram was handed to the interface, and not to the queueing discipline.
     */
    public boolean isSent() {
        return info() == Linux.SCM_TSTAMP_SND();
    }

    /** The time of a timestamp by the host's clock; -1 if there is none. */
    public long softwareNanos() {
        return softwareNanos;
    }

    /** The time of a timestamp by the network card's clock; -1 if there is none. */
    public long hardwareNanos() {
        return hardwareNanos;
    }

    private int unsignedByte(long offset) {
        return Byte.toUnsignedInt(reader.getByte(offset));
    }

    /** Fills an event with an ICMP error. */
    void fill(ErrorQueueEvent event) {
        var by = offender();
        event.errno = Errno.name(errno());
        event.origin = isIcmpv4() ? "ICMP" : "ICMPV6";
        event.type = type();
        event.code = code();
        event.info = Integer.toUnsignedLong(info());
        event.destination = destination().toString();
        event.offender = by == null ? null : by.toString();
    }
}
