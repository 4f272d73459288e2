package dev.salvo.protocol;

import dev.salvo.socket.Multicast;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SocketOptions;
import java.net.StandardProtocolFamily;

/**
 * Multicast and broadcast on a port's socket. An IPv6 port may send to IPv4-mapped groups too, for which IPv4's options
 * hold: what is set is set for both.
 */
abstract sealed class MulticastPort implements DatagramTransport permits UdpPort {

    /** The socket, for use by its owner while it is open; throws otherwise. */
    abstract UdpSocket socketInUse();

    private boolean isIpv6() {
        return socketInUse().family() == StandardProtocolFamily.INET6;
    }

    /** A call of Multicast for a group. */
    private interface OfGroup {
        void run(UdpSocket socket, SockAddr group, int index) throws SyscallException;
    }

    /** A call of Multicast for a source of a group. */
    private interface OfSource {
        void run(UdpSocket socket, SockAddr group, SockAddr source, int index) throws SyscallException;
    }

    @Override
    public void joinGroup(String group, String networkInterface) throws MulticastJoinException {
        call(Multicast::join, "join", group, "", networkInterface);
    }

    @Override
    public void leaveGroup(String group, String networkInterface) throws MulticastJoinException {
        call(Multicast::leave, "leave", group, "", networkInterface);
    }

    @Override
    public void joinSource(String group, String source, String networkInterface) throws MulticastJoinException {
        call(Multicast::joinSource, "join", group, source, networkInterface);
    }

    @Override
    public void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException {
        call(Multicast::leaveSource, "leave", group, source, networkInterface);
    }

    @Override
    public void blockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        call(Multicast::blockSource, "block", group, source, networkInterface);
    }

    @Override
    public void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        call(Multicast::unblockSource, "unblock", group, source, networkInterface);
    }

    private void call(OfSource call, String action, String group, String source, String networkInterface)
            throws MulticastJoinException {
        var sender = literal(source);
        OfGroup ofGroup = (socket, address, index) -> call.run(socket, address, sender, index);
        call(ofGroup, action, group, source, networkInterface);
    }

    private void call(OfGroup call, String action, String group, String source, String networkInterface)
            throws MulticastJoinException {
        var address = literal(group);
        try {
            call.run(socketInUse(), address, Multicast.interfaceIndex(networkInterface));
        } catch (SyscallException e) {
            throw new MulticastJoinException(action, group, source, networkInterface, e);
        }
    }

    private SockAddr literal(String literal) {
        socketInUse();
        return Addresses.literal(literal, 0);
    }

    @Override
    public void setTTL(int ttl) throws SyscallException {
        if (ttl < 0 || ttl > 255) {
            throw new IllegalArgumentException("TTL out of range: " + ttl);
        }
        if (isIpv6()) {
            socketInUse().set(Ipv6Options.MULTICAST_HOPS, ttl);
        }
        socketInUse().set(IpOptions.MULTICAST_TTL, ttl);
    }

    @Override
    public int getTTL() throws SyscallException {
        return socketInUse().get(isIpv6() ? Ipv6Options.MULTICAST_HOPS : IpOptions.MULTICAST_TTL);
    }

    @Override
    public void setLoopbackMode(boolean on) throws SyscallException {
        if (isIpv6()) {
            socketInUse().set(Ipv6Options.MULTICAST_LOOP, on);
        }
        socketInUse().set(IpOptions.MULTICAST_LOOP, on);
    }

    @Override
    public boolean getLoopbackMode() throws SyscallException {
        return socketInUse().get(isIpv6() ? Ipv6Options.MULTICAST_LOOP : IpOptions.MULTICAST_LOOP);
    }

    @Override
    public void setOutgoingInterface(String networkInterface) throws SyscallException {
        if (isIpv6()) {
            socketInUse().set(Ipv6Options.MULTICAST_IF, Multicast.interfaceIndex(networkInterface));
        }
        socketInUse().set(IpOptions.MULTICAST_IF, Multicast.outgoingInterface(networkInterface));
    }

    @Override
    public String getOutgoingInterface() throws SyscallException {
        return isIpv6()
                ? Integer.toString(socketInUse().get(Ipv6Options.MULTICAST_IF))
                : socketInUse().get(IpOptions.MULTICAST_IF).address().getHostAddress();
    }

    @Override
    public void setBroadcastAllowed(boolean allowed) throws SyscallException {
        socketInUse().set(SocketOptions.BROADCAST, allowed);
    }

    @Override
    public boolean getBroadcastAllowed() throws SyscallException {
        return socketInUse().get(SocketOptions.BROADCAST);
    }
}
