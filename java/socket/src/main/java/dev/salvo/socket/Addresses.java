package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Where a socket is bound and whom it is connected to; {@link UdpSocket} has the contracts. */
final class Addresses {

    private static final SockOpt<Integer> DEVICE = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());
    /** The bits of {@link SockAddr#head} that are the port. */
    private static final long PORT = 0xffff_0000L;

    private final FileDescriptor fd;
    private final OptionCalls options;
    private final SegmentLimits limits;
    private final MemorySegment memory;
    private final MemorySegment length;

    /** Whether it was this object that connected the socket: then {@link #deviceBefore} is true. */
    private boolean connectedHere;
    /** The interface that the socket was bound to before it was connected, 0 for none. */
    private int deviceBefore;

    Addresses(FileDescriptor fd, OptionCalls options, SegmentLimits limits, Arena arena) {
        this.fd = fd;
        this.options = options;
        this.limits = limits;
        memory = arena.allocate(SockAddr.ROOM, Long.BYTES);
        length = arena.allocate(JAVA_INT);
    }

    /** Whether so many bytes are the struct of either family. */
    static boolean isWhole(MemorySegment memory, long length) {
        var family = length < SockAddr.IPV4_LENGTH ? Linux.AF_UNSPEC() : memory.get(JAVA_SHORT, 0);
        return family == Linux.AF_INET() || (family == Linux.AF_INET6() && length >= SockAddr.IPV6_LENGTH);
    }

    void bind(SockAddr address) throws SyscallException {
        var size = address.requireValid().store(memory, 0);
        SyscallErrors.check("bind", address, fd.kernel().bind(fd.number(), memory, size));
    }

    SockAddr local() throws SyscallException {
        length.set(JAVA_INT, 0, SockAddr.ROOM);
        SyscallErrors.check("getsockname", fd.kernel().getsockname(fd.number(), memory, length));
        return SockAddr.read(memory, 0);
    }

    @Nullable
    SockAddr peer() throws SyscallException {
        length.set(JAVA_INT, 0, SockAddr.ROOM);
        var result = fd.kernel().getpeername(fd.number(), memory, length);
        if (result == -Linux.ENOTCONN()) {
            return null;
        }
        SyscallErrors.check("getpeername", result);
        var peer = isWhole(memory, length.get(JAVA_INT, 0)) ? SockAddr.read(memory, 0) : null;
        return peer == null || peer.port() == 0 ? null : peer;
    }

    void connect(SockAddr peer) throws SyscallException {
        if (peer.port() == 0) {
            throw new IllegalArgumentException("no peer has port 0: " + peer);
        }
        var first = peer() == null;
        var device = first ? device() : deviceBefore;
        var size = peer.store(memory, 0);
        SyscallErrors.check("connect", peer, fd.kernel().connect(fd.number(), memory, size));
        connectedHere |= first;
        deviceBefore = device;
        limits.clear();
    }

    /**
     * Connects to no one, and undoes what the kernel undoes with it (__udp_disconnect of net/ipv4/udp.c): it unbinds
     * the socket from its device, and from a port that it chose itself.
     */
    void disconnect() throws SyscallException {
        if (peer() == null) {
            return;
        }
        var bound = local();
        var device = connectedHere ? deviceBefore : device();
        memory.fill((byte) 0);
        SyscallErrors.check("connect", "AF_UNSPEC", fd.kernel().connect(fd.number(), memory, SockAddr.IPV4_LENGTH));
        connectedHere = false;
        limits.clear();
        // Before the port: else datagrams would come in from other devices in between.
        if (device != 0) {
            keep(device);
        }
        var left = local();
        if (left.port() == 0 && bound.port() != 0) {
            left.head |= bound.head & PORT;
            rebind(left);
        }
    }

    private void keep(int device) throws SyscallException {
        try {
            options.set(DEVICE, device);
        } catch (SyscallException e) {
            var what = "SO_BINDTOIFINDEX " + device + ", lost by disconnecting";
            throw withCause(new SyscallException("setsockopt", what, e.errno()), e);
        }
    }

    private void rebind(SockAddr address) throws SyscallException {
        try {
            bind(address);
        } catch (SyscallException e) {
            throw withCause(new SyscallException("bind", address + ", a port lost by disconnecting", e.errno()), e);
        }
    }

    private static SyscallException withCause(SyscallException exception, SyscallException cause) {
        exception.initCause(cause);
        return exception;
    }

    /** The interface that the socket is bound to; 0 for none, or on a kernel that does not tell. */
    private int device() {
        return options.getOr(DEVICE, 0);
    }
}
