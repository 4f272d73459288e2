package dev.salvo.protocol.internal.group;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.internal.port.PortSocket;
import dev.salvo.protocol.internal.port.UdpPort;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.BpfProgram;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * One port of a group. Every member has a socket of it, and the kernel's array has the sockets in members' order; or,
 * if it was adopted, every member has a descriptor of the one socket.
 */
public final class GroupPort {

    private final List<GroupMember> members;
    private final SteeringRule rule;
    private final SockAddr address;
    private final PortOptions options;
    /** Whether the program is attached. */
    private final AtomicBoolean steered = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();

    public GroupPort(List<GroupMember> members, SteeringRule rule, SockAddr address, PortOptions options) {
        this.members = members;
        this.rule = rule;
        this.address = address;
        this.options = options;
    }

    /** Opens the port on every member. If that fails, leaves nothing open and throws the reason. */
    public List<DatagramTransport> listen(IntFunction<? extends DatagramProtocol> protocols) throws IOException {
        try {
            bind();
            if (rule.program() != null) {
                steer(rule.program());
            }
            return serve(protocols);
        } catch (Throwable t) {
            close(t);
            throw t;
        }
    }

    /** Makes a port of a duplicate of the descriptor on every member. If that fails, leaves nothing open. */
    public List<DatagramTransport> adopt(int descriptor, IntFunction<? extends DatagramProtocol> protocols)
            throws IOException {
        try {
            for (var member : members) {
                member.call(() -> {
                    var adopted = PortSocket.adopt(descriptor, options);
                    member.keep(this, adopted.inGroup(() -> stop(member, adopted.socket())));
                    return true;
                });
            }
            return serve(protocols);
        } catch (Throwable t) {
            close(t);
            throw t;
        }
    }

    private List<DatagramTransport> serve(IntFunction<? extends DatagramProtocol> protocols) throws IOException {
        var ports = new ArrayList<DatagramTransport>();
        for (var member : members) {
            ports.add(member.call(() -> serve(member, protocols)));
        }
        return ports;
    }

    private void bind() throws IOException {
        var local = address;
        for (var member : members) {
            var to = local;
            local = member.call(() -> bind(member, to).localAddress());
        }
        if (!rule.byHash()) {
            requireAlone(local);
        }
    }

    /**
     * A port that the kernel chooses for a socket with SO_REUSEPORT may be the port of another group of this user
     * (udp_lib_get_port of net/ipv4/udp.c). A program counts on the group's sockets being the first of the array. So in
     * both cases the first socket gets the option after it is bound.
     */
    private UdpSocket bind(GroupMember member, SockAddr to) throws SyscallException {
        var alone = member == members.getFirst() && (!rule.byHash() || to.port() == 0);
        var opened = PortSocket.open(to, options.withSharedPort(!alone), this::prepare);
        var socket = opened.socket();
        member.keep(this, opened.inGroup(() -> stop(member, socket)));
        if (alone && (members.size() > 1 || rule.byHash())) {
            socket.set(SocketLevelOptions.REUSEPORT, true);
        }
        return socket;
    }

    /** A steered socket receives nothing until every member is bound and the program is attached. */
    private void prepare(UdpSocket socket) throws SyscallException {
        if (rule.byPayload()) {
            PortSocket.setIfPossible(socket, UdpOptions.GRO, false);
        }
        if (!rule.byHash()) {
            socket.set(SocketLevelOptions.ATTACH_FILTER, SteeringPrograms.nothing());
        }
    }

    /** Another process may have bound its socket between those of the group, once the first one shares the port. */
    private void requireAlone(SockAddr local) throws IOException {
        if (members.getFirst().call(() -> ProcNetUdp.count(local)) > members.size()) {
            throw new SyscallException("bind", local + ", which another socket shares", Errno.EADDRINUSE);
        }
    }

    private void steer(BpfProgram program) throws IOException {
        if (members.size() > 1) {
            set(members.getFirst(), SocketLevelOptions.ATTACH_REUSEPORT_CBPF, program);
            steered.set(true);
        }
        for (var member : members) {
            set(member, SocketLevelOptions.DETACH_FILTER, 0);
        }
    }

    private <T> void set(GroupMember member, SockOpt<T> option, T value) throws IOException {
        member.call(() -> {
            member.bound(this).set(option, value);
            return true;
        });
    }

    /** A startProtocol may stop the port before every member has it. */
    private UdpPort serve(GroupMember member, IntFunction<? extends DatagramProtocol> protocols) throws IOException {
        var port = member.serve(this, protocols, options);
        if (stopping.get()) {
            member.stopListening(this);
        }
        return port;
    }

    /** On the member's thread, when its port begins to stop. */
    private void stop(GroupMember member, UdpSocket socket) {
        detachProgram(socket);
        // A loop that is ending does not make this call. Its end stops the group, with the shutdown hooks of each loop.
        member.loop().callFromThread(this::stopOnAll);
    }

    private void stopOnAll() {
        if (stopping.compareAndSet(false, true)) {
            members.forEach(member -> member.loop().callFromThread(() -> member.stopListening(this)));
        }
    }

    /** The program belongs to the kernel's array, and would go on steering other sockets that share the port. */
    void detachProgram(UdpSocket socket) {
        if (steered.compareAndSet(true, false)) {
            try {
                socket.set(SocketLevelOptions.DETACH_REUSEPORT_BPF, 0);
            } catch (SyscallException | RuntimeException e) {
                // The protocol may have closed the socket of its port. The next member tries again.
                steered.set(true);
                LimitedLog.always(Logger.Level.WARNING, "can''t detach the program of a group from {0}: {1}", address,
                        e.getMessage());
            }
        }
    }

    private void close(Throwable reason) {
        for (var member : members) {
            try {
                member.call(() -> {
                    member.close(this);
                    return true;
                });
            } catch (Exception | Error e) {
                if (e != reason) {
                    reason.addSuppressed(e);
                }
            }
        }
    }
}
