package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.BpfProgram;
import dev.salvo.socket.option.SocketOptions;
import dev.salvo.socket.option.UdpOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** One port of a group: a socket for each member, in the kernel's array in this order. */
final class GroupPort {

    private final List<GroupMember> members;
    private final PortOptions options;
    private final List<PortSocket> bound = new ArrayList<>();
    private final List<UdpPort> ports = new ArrayList<>();
    /** The port that the kernel shares out among others too. */
    private OptionalInt joined = OptionalInt.empty();

    GroupPort(List<GroupMember> members, PortOptions options) {
        this.members = members;
        this.options = options;
    }

    /**
     * Binds them, the first one alone: so the kernel's choice for port 0, which may be the port of another group of
     * this user where SO_REUSEPORT is set (udp_lib_get_port of net/ipv4/udp.c), is nobody's, and a program, which
     * counts on places in the array, finds the group's at its beginning. Until all are bound and the program chooses,
     * steered sockets receive nothing.
     */
    void bind(SockAddr address, Steering steering) throws Exception {
        var local = address;
        for (var member : members) {
            var to = local;
            bound.add(
                    member.call(() -> member.keep(bound.isEmpty() ? first(to, steering) : open(to, false, steering))));
            local = member.call(() -> last().localAddress());
        }
    }

    private UdpSocket last() {
        return bound.getLast().socket();
    }

    private PortSocket first(SockAddr address, Steering steering) throws SyscallException {
        try {
            return open(address, true, steering);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EADDRINUSE || !steering.byHash()) {
                throw e;
            }
            var opened = open(address, false, steering);
            joined = OptionalInt.of(address.port());
            return opened;
        }
    }

    /**
     * Whether the places in the kernel's array are known.
     *
     * @throws IllegalStateException if others were there first
     */
    void requireOwn() {
        if (joined.isPresent()) {
            throw new IllegalStateException("port " + joined.getAsInt()
                    + " is shared with sockets that are not the group's: nobody can leave");
        }
    }

    private PortSocket open(SockAddr address, boolean alone, Steering steering) throws SyscallException {
        var opened = PortSocket.open(address, options.withSharedPort(!alone), socket -> {
            if (steering.byPayload()) {
                PortSocket.setIfPossible(socket, UdpOptions.GRO, false);
            }
            if (!steering.byHash()) {
                socket.set(SocketOptions.ATTACH_FILTER, SteeringPrograms.nothing());
            }
        });
        try {
            if (alone && (members.size() > 1 || steering.byHash())) {
                opened.socket().set(SocketOptions.REUSEPORT, true);
            }
            return opened;
        } catch (SyscallException e) {
            opened.socket().close();
            throw e;
        }
    }

    /** To be called when all are bound. */
    void steer(BpfProgram program) throws Exception {
        if (members.size() > 1) {
            members.getFirst().call(() -> {
                steer(0, program);
                return true;
            });
        }
        for (int i = 0; i < members.size(); i++) {
            var socket = bound.get(i).socket();
            members.get(i).call(() -> {
                socket.set(SocketOptions.DETACH_FILTER, 0);
                return true;
            });
        }
    }

    /** On the member's thread: its socket sets the program of all. */
    void steer(int member, BpfProgram program) throws SyscallException {
        bound.get(member).socket().set(SocketOptions.ATTACH_REUSEPORT_CBPF, program);
    }

    /** Has all of them serve. */
    void start(IntFunction<? extends DatagramProtocol> protocols) throws Exception {
        for (int i = 0; i < members.size(); i++) {
            var member = members.get(i);
            var socket = bound.get(i);
            ports.add(member.call(() -> member.start(socket, protocols, options)));
        }
    }

    List<DatagramTransport> transports() {
        return List.copyOf(ports);
    }

    /** Closes what is open. */
    void close(Exception reason) {
        for (int i = 0; i < bound.size(); i++) {
            var member = members.get(i);
            var socket = bound.get(i);
            var port = i < ports.size() ? ports.get(i) : null;
            try {
                member.call(() -> {
                    if (port != null) {
                        member.close(port);
                    }
                    member.close(socket);
                    return true;
                });
            } catch (Exception e) {
                reason.addSuppressed(e);
            }
        }
    }

    /** Opens one. */
    static GroupPort listen(List<GroupMember> members, SockAddr address, PortOptions options, Steering steering,
            BpfProgram program, IntFunction<? extends DatagramProtocol> protocols) throws CannotListenException {
        var port = new GroupPort(members, options);
        try {
            port.bind(address, steering);
            if (!steering.byHash()) {
                port.steer(program);
            }
            port.start(protocols);
            return port;
        } catch (IOException e) {
            port.close(e);
            throw new CannotListenException(options.interfaceAddress(), address.port(), e);
        } catch (RuntimeException e) {
            port.close(e);
            throw e;
        } catch (Exception e) {
            port.close(e);
            throw new IllegalStateException("startProtocol", e);
        }
    }
}
