package dev.salvo.socket.internal.send;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.ControlWriter;
import dev.salvo.socket.internal.descriptor.Binding;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.descriptor.UdpDescriptors;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;

/**
 * Finds out how many datagrams the kernel accepts in a message: UDP_MAX_SEGMENTS of include/linux/udp.h, which no call
 * returns. The version of the kernel does not show it either: 128 came with Linux 6.9 (commit 1382e3b6a350), and was
 * backported as a fix. For more datagrams the kernel returns EINVAL (udp_send_skb of net/ipv4/udp.c). A batch would
 * take this for a fault of the destination, and stop joining datagrams for it.
 */
public final class SegmentProbe {

    /** The most that any kernel accepts so far. */
    static final int MOST = 128;

    private final Kernel kernel;
    /** What the kernel accepts; 0 until it has been tested. */
    private int taken;

    public SegmentProbe(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * {@code most}, or what the kernel accepts if that is less. The kernel is tested when {@code most} is first above
     * {@link Outbox#MAX_SEGMENTS}. If the test fails, for instance because too many descriptors are open, the limit is
     * {@link Outbox#MAX_SEGMENTS}, and the next call tests again.
     *
     * @throws IllegalArgumentException if {@code most} is not 1 to {@link #MOST}
     */
    public int limit(int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("maxSegments must be 1 to " + MOST + ", not " + most);
        }
        if (most <= Outbox.MAX_SEGMENTS) {
            return most;
        }
        if (taken == 0) {
            try {
                taken = ask(kernel);
            } catch (SyscallException e) {
                return Outbox.MAX_SEGMENTS;
            }
        }
        return Math.min(most, taken);
    }

    /** Tests the kernel with one message of {@link #MOST} segments over loopback, from a temporary socket to itself. */
    public static int ask(Kernel kernel) throws SyscallException {
        var fd = UdpDescriptors.open(kernel, StandardProtocolFamily.INET, 0);
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(fd, arena);
            if (!options.has(UdpOptions.SEGMENT)) {
                return 1;
            }
            var binding = new Binding(fd, options, arena);
            binding.bind(Struct.loopback(StandardProtocolFamily.INET, 0));
            var result = kernel.sendmsg(fd.number(), message(binding.local(), arena), Linux.MSG_DONTWAIT());
            if (result == -Linux.EINVAL()) {
                return Outbox.MAX_SEGMENTS;
            }
            SyscallErrors.check("sendmsg", result);
            return MOST;
        } finally {
            fd.close();
        }
    }

    private static MemorySegment message(NativeAddress to, Arena arena) {
        var room = Layouts.cmsgSpace(Short.BYTES);
        var control = arena.allocate(room, Long.BYTES);
        var writer = new ControlWriter();
        writer.reset(control, 0, room);
        writer.putShort(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, (short) 1);
        var message = new MessageHeaders(arena, 1, 1);
        message.name(0, to);
        message.vector(0, arena.allocate(MOST), 0, MOST);
        message.vectors(0, 0, 1);
        message.control(0, control, 0, writer.length());
        return message.from(0);
    }
}
