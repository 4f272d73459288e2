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

    @Override
    public void joinGroup(String group, String networkInterface) throws MulticastJoinException {
        var address = group(group);
        try {
            Multicast.join(socketInUse(), address, Multicast.interfaceIndex(networkInterface));
        } catch (SyscallException e) {
            throw new MulticastJoinException("join", group, networkInterface, e);
        }
    }

    @Override
    public void leaveGroup(String group, String networkInterface) throws MulticastJoinException {
        var address = group(group);
        try {
            Multicast.leave(socketInUse(), address, Multicast.interfaceIndex(networkInterface));
        } catch (SyscallException e) {
            throw new MulticastJoinException("leave", group, networkInterface, e);
        }
    }

    private SockAddr group(String literal) {
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
