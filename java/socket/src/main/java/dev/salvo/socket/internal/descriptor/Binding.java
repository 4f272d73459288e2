package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The addresses that a socket is bound and connected to; {@code UdpSocket} has the contracts. */
public final class Binding {

    private static final SockOpt<Integer> DEVICE = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());

    private final FileDescriptor fd;
    private final OptionCalls options;
    private final MemorySegment memory;
    private final MemorySegment length;

    /** Whether this object connected the socket, so that {@link #deviceBefore} is known. */
    private boolean connectedHere;
    /** The interface that the socket was bound to before it was connected, 0 for none. */
    private int deviceBefore;

    public Binding(FileDescriptor fd, OptionCalls options, Arena arena) {
        this.fd = fd;
        this.options = options;
        memory = arena.allocate(Struct.ROOM, Long.BYTES);
        length = arena.allocate(JAVA_INT);
    }

    public void bind(NativeAddress address) throws SyscallException {
        Struct.requireValid(address);
        var size = Struct.store(address, memory, 0);
        SyscallErrors.check("bind", address, fd.kernel().bind(fd.number(), memory, size));
    }

    public NativeAddress local() throws SyscallException {
        length.set(JAVA_INT, 0, Struct.ROOM);
        SyscallErrors.check("getsockname", fd.kernel().getsockname(fd.number(), memory, length));
        return Struct.read(memory, 0);
    }

    @Nullable
    public NativeAddress peer() throws SyscallException {
        length.set(JAVA_INT, 0, Struct.ROOM);
        var result = fd.kernel().getpeername(fd.number(), memory, length);
        if (result == -Linux.ENOTCONN()) {
            return null;
        }
        SyscallErrors.check("getpeername", result);
        var peer = Struct.isWhole(memory, 0, length.get(JAVA_INT, 0)) ? Struct.read(memory, 0) : null;
        return peer == null || Struct.port(peer) == 0 ? null : peer;
    }

    public void connect(NativeAddress peer) throws SyscallException {
        Struct.requireValid(peer);
        if (Struct.port(peer) == 0) {
            throw new IllegalArgumentException("cannot connect to port 0: " + peer);
        }
        var first = peer() == null;
        var device = first ? device() : deviceBefore;
        var size = Struct.store(peer, memory, 0);
        SyscallErrors.check("connect", peer, fd.kernel().connect(fd.number(), memory, size));
        connectedHere |= first;
        deviceBefore = device;
    }

    /**
     * Removes the peer, and restores what the kernel removes with it (__udp_disconnect of net/ipv4/udp.c): the device
     * that the socket is bound to, and a port that the kernel chose.
     */
    public void disconnect() throws SyscallException {
        if (peer() == null) {
            return;
        }
        var bound = local();
        var device = connectedHere ? deviceBefore : device();
        memory.fill((byte) 0);
        SyscallErrors.check("connect", "AF_UNSPEC", fd.kernel().connect(fd.number(), memory, Layouts.SOCKADDR_IN));
        connectedHere = false;
        // Before the port: otherwise datagrams from other devices could arrive in between.
        if (device != 0) {
            keep(device);
        }
        var left = local();
        if (Struct.port(left) == 0 && Struct.port(bound) != 0) {
            Struct.setPort(left, Struct.port(bound));
            rebind(left);
        }
    }

    private void keep(int device) throws SyscallException {
        try {
            options.set(DEVICE, device);
        } catch (SyscallException e) {
            throw new SyscallException("setsockopt",
                    "SO_BINDTOIFINDEX " + device + ", to restore it after disconnecting", e);
        }
    }

    private void rebind(NativeAddress address) throws SyscallException {
        try {
            bind(address);
        } catch (SyscallException e) {
            throw new SyscallException("bind", address + ", to restore the port after disconnecting", e);
        }
    }

    /** The interface that the socket is bound to; 0 for none, or if the kernel does not report it. */
    private int device() {
        return options.getOr(DEVICE, 0);
    }
}
