package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Layouts;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How many datagrams the kernel takes in a message: UDP_MAX_SEGMENTS of include/linux/udp.h, which nothing tells. The
 * version doesn't either: 128 is of Linux 6.9 (commit 1382e3b6a350) and was brought to older ones as a fix. More is
 * EINVAL (udp_send_skb of net/ipv4/udp.c), which a batch would take for a fault of the destination, and join nothing
 * for it.
 */
final class SegmentProbe {

    /** The most that any kernel takes so far. */
    static final int MOST = 128;

    private final Kernel kernel;

    SegmentProbe(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * So many, or what the kernel takes if that is fewer. It is asked only for more than all take, and once it has
     * answered, be it to another batch, no more; a program that has too many descriptors now may have fewer later.
     */
    int limit(int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("maxSegments out of range: " + most);
        }
        if (most <= SendBatch.MAX_SEGMENTS) {
            return most;
        }
        var known = kernel.segmentsTaken();
        if (known.get() == 0) {
            try {
                known.set(ask(kernel));
            } catch (SyscallException e) {
                return SendBatch.MAX_SEGMENTS;
            }
        }
        return Math.min(most, known.get());
    }

    /** Sends one message over loopback, from a socket of its own to itself. */
    static int ask(Kernel kernel) throws SyscallException {
        var type = Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC();
        var number = SyscallErrors.check("socket", kernel.socket(Linux.AF_INET(), type, Linux.IPPROTO_UDP()));
        var fd = new FileDescriptor(kernel, number);
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(fd, arena);
            if (!options.has(UdpOptions.SEGMENT)) {
                return 1;
            }
            var addresses = new Addresses(fd, options, new SegmentLimits(System::nanoTime), arena);
            addresses.bind(SockAddr.of("127.0.0.1", 0));
            var message = message(addresses.local(), arena);
            var result = kernel.sendmsg(fd.number(), message, Linux.MSG_DONTWAIT());
            if (result == -Linux.EINVAL()) {
                return SendBatch.MAX_SEGMENTS;
            }
            SyscallErrors.check("sendmsg", result);
            return MOST;
        } finally {
            fd.close();
        }
    }

    /** As many segments as a batch may ever join, of one byte each. */
    private static MemorySegment message(SockAddr to, Arena arena) {
        var message = arena.allocate(Layouts.MMSGHDR, Long.BYTES);
        var name = arena.allocate(SockAddr.ROOM, Long.BYTES);
        var vector = arena.allocate(Layouts.IOVEC, Long.BYTES);
        var room = Layouts.cmsgSpace(Short.BYTES);
        var control = arena.allocate(room, Long.BYTES);
        var writer = new ControlWriter();
        writer.reset(control, 0, room);
        writer.putShort(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, (short) 1);
        vector.set(ADDRESS, Layouts.IOV_BASE, arena.allocate(MOST));
        vector.set(JAVA_LONG, Layouts.IOV_LEN, MOST);
        message.set(ADDRESS, Layouts.MSG_NAME, name);
        message.set(JAVA_INT, Layouts.MSG_NAMELEN, to.store(name, 0));
        message.set(ADDRESS, Layouts.MSG_IOV, vector);
        message.set(JAVA_LONG, Layouts.MSG_IOVLEN, 1);
        message.set(ADDRESS, Layouts.MSG_CONTROL, control);
        message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, writer.length());
        return message;
    }
}
