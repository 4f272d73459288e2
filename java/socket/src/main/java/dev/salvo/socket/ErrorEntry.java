package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_extended_err;
import dev.salvo.socket.SocketError.Origin;
import dev.salvo.socket.TransmitTimestamp.Kind;
import dev.salvo.socket.cmsg.ControlReader;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an error queue, in memory that is allocated once. Its name is the destination of the datagram that the
 * error is about, its data what was quoted of the payload; what happened is a control message, IP_RECVERR or
 * IPV6_RECVERR: a sock_extended_err, and behind it the address of the offender. An INET6 socket has IPV6_RECVERR for
 * IPv4-mapped destinations too; the origin tells them apart. What is told of sends that went well has no name, and the
 * same control message, with an offender of no family; a timestamp has its time in another before it.
 */
final class ErrorEntry {

    private static final int FLAGS = Linux.MSG_ERRQUEUE() | Linux.MSG_DONTWAIT();
    /**
     * The error comes behind whatever else the socket's options ask for (ip_recv_error of net/ipv4/ip_sockglue.c),
     * which can be more than 200 bytes.
     */
    private static final int CONTROL_ROOM = 512;

    /** No ICMPv6 error is larger, headers included (RFC 4443, 2.4), and ICMP's have 576 (RFC 1812, 4.3.2.3). */
    private static final int QUOTE_ROOM = 1_280;

    private static final long OFFENDER = sock_extended_err.sizeof();

    /** struct scm_timestamping: three times, of which the second has no meaning any more. */
    private static final long TIMES = 3 * Layouts.TIMESPEC;

    private static final long HARDWARE = 2 * Layouts.TIMESPEC;

    private final MemorySegment message;
    private final MemorySegment name;
    private final MemorySegment control;
    private final MemorySegment offender;
    private final MemorySegment quote;
    private int quoted;
    private long softwareNanos;
    private long hardwareNanos;
    private final ControlReader reader = new ControlReader();

    ErrorEntry(Arena arena) {
        message = arena.allocate(Layouts.MMSGHDR, Long.BYTES);
        name = arena.allocate(SockAddr.ROOM, Long.BYTES);
        control = arena.allocate(CONTROL_ROOM, Long.BYTES);
        offender = arena.allocate(SockAddr.ROOM, Long.BYTES);
        quote = arena.allocate(QUOTE_ROOM);
        var iovec = arena.allocate(Layouts.IOVEC, Long.BYTES);
        iovec.set(ADDRESS, Layouts.IOV_BASE, quote);
        iovec.set(JAVA_LONG, Layouts.IOV_LEN, QUOTE_ROOM);
        message.set(ADDRESS, Layouts.MSG_IOV, iovec);
        message.set(JAVA_LONG, Layouts.MSG_IOVLEN, 1);
        message.set(ADDRESS, Layouts.MSG_NAME, name);
        message.set(ADDRESS, Layouts.MSG_CONTROL, control);
    }

    /** Takes the oldest entry off the queue: false if there is none. */
    boolean read(FileDescriptor fd) {
        message.set(JAVA_INT, Layouts.MSG_NAMELEN, SockAddr.ROOM);
        message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, CONTROL_ROOM);
        message.set(JAVA_INT, Layouts.MSG_FLAGS, 0);
        var result = fd.recvmsg(message, FLAGS);
        quoted = Math.clamp(result, 0, QUOTE_ROOM);
        return result >= 0;
    }

    boolean controlTruncated() {
        return (message.get(JAVA_INT, Layouts.MSG_FLAGS) & Linux.MSG_CTRUNC()) != 0;
    }

    /**
     * Whether this is an ICMP error, whole and with a destination. The queue also has transmit timestamps, zerocopy
     * completions and local errors; of these the last were returned by the call that caused them. Allocates nothing.
     */
    boolean isIcmp() {
        return Addresses.isWhole(name, message.get(JAVA_INT, Layouts.MSG_NAMELEN))
                && findError()
                && (origin() == Linux.SO_EE_ORIGIN_ICMP() || origin() == Linux.SO_EE_ORIGIN_ICMP6());
    }

    /** Whether this is a transmit timestamp with a time, or a zerocopy completion. Allocates nothing. */
    boolean isCompletion() {
        if (!findError()) {
            return false;
        }
        if (origin() == Linux.SO_EE_ORIGIN_TIMESTAMPING()) {
            return (softwareNanos > 0 || hardwareNanos > 0)
                    && (info() == Linux.SCM_TSTAMP_SND() || info() == Linux.SCM_TSTAMP_SCHED());
        }
        return origin() == Linux.SO_EE_ORIGIN_ZEROCOPY();
    }

    /** Finds the control message that says what happened, and on the way to it the times of a timestamp. */
    private boolean findError() {
        softwareNanos = -1;
        hardwareNanos = -1;
        var length = message.get(JAVA_LONG, Layouts.MSG_CONTROLLEN);
        reader.reset(control, 0, Math.clamp(length, 0, CONTROL_ROOM));
        while (reader.next()) {
            readTimes();
            if (reader.is(Linux.IPPROTO_IP(), Linux.IP_RECVERR())) {
                return reader.dataLength() >= OFFENDER + SockAddr.IPV4_LENGTH;
            }
            if (reader.is(Linux.IPPROTO_IPV6(), Linux.IPV6_RECVERR())) {
                return reader.dataLength() >= OFFENDER + SockAddr.IPV6_LENGTH;
            }
        }
        return false;
    }

    private void readTimes() {
        if (reader.is(Linux.SOL_SOCKET(), Linux.SCM_TIMESTAMPING())
                || reader.is(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING_NEW())) {
            if (reader.dataLength() >= TIMES) {
                softwareNanos = time(0);
                hardwareNanos = time(HARDWARE);
            }
        }
    }

    /** Nanoseconds; -1 for 0, which is how the kernel says that there is none. */
    private long time(long offset) {
        var seconds = reader.getLong(offset + Layouts.TV_SEC);
        var nanoseconds = seconds * 1_000_000_000 + reader.getLong(offset + Layouts.TV_NSEC);
        return nanoseconds > 0 ? nanoseconds : -1;
    }

    /** This entry as an object; only after {@link #isCompletion} has found it to be one. */
    Completion toCompletion() {
        var data = reader.getInt(sock_extended_err.ee_data$offset());
        if (origin() == Linux.SO_EE_ORIGIN_TIMESTAMPING()) {
            var kind = info() == Linux.SCM_TSTAMP_SND() ? Kind.SND : Kind.SCHED;
            return new TransmitTimestamp(data, kind, softwareNanos, hardwareNanos);
        }
        return new ZerocopyCompletion(Integer.toUnsignedLong(info()), Integer.toUnsignedLong(data),
                (unsignedByte(sock_extended_err.ee_code$offset()) & Linux.SO_EE_CODE_ZEROCOPY_COPIED()) != 0);
    }

    /** This entry as an object; only after {@link #isIcmp} has found it to be one. */
    SocketError toSocketError() {
        return new SocketError(
                reader.getInt(sock_extended_err.ee_errno$offset()),
                origin() == Linux.SO_EE_ORIGIN_ICMP() ? Origin.ICMP : Origin.ICMPV6,
                unsignedByte(sock_extended_err.ee_type$offset()),
                unsignedByte(sock_extended_err.ee_code$offset()),
                Integer.toUnsignedLong(info()),
                SockAddr.read(name, 0),
                offender(),
                quote.asSlice(0, quoted).asByteBuffer());
    }

    private int info() {
        return reader.getInt(sock_extended_err.ee_info$offset());
    }

    private int origin() {
        return unsignedByte(sock_extended_err.ee_origin$offset());
    }

    private @Nullable SockAddr offender() {
        var length = Math.min(reader.dataLength() - OFFENDER, SockAddr.IPV6_LENGTH);
        for (long at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
            offender.set(JAVA_INT, at, reader.getInt(OFFENDER + at));
        }
        return Addresses.isWhole(offender, length) ? SockAddr.read(offender, 0) : null;
    }

    private int unsignedByte(long offset) {
        return Byte.toUnsignedInt(reader.getByte(offset));
    }
}
