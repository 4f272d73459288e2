package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.UdpOptions;
import java.lang.System.Logger;
import java.net.StandardProtocolFamily;

/**
 * The socket of a port.
 *
 * @param socket bound
 * @param localAddress where to
 */
record PortSocket(UdpSocket socket, SockAddr localAddress) {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** Where a port is to be bound: any IPv4 address for an empty literal. */
    static SockAddr localAddress(String literal, int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        try {
            return SockAddr.of(literal.isEmpty() ? "0.0.0.0" : literal, port);
        } catch (IllegalArgumentException e) {
            throw new InvalidAddressException("'" + literal + "' is not an IPv4 or IPv6 address");
        }
    }

    /** Opens and binds one, or leaves nothing open. */
    static PortSocket open(SockAddr address, boolean coalescing) throws SyscallException {
        var ipv6 = address.isIpv6();
        var socket = UdpSocket.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            if (coalescing) {
                setIfPossible(socket, UdpOptions.GRO, true);
            }
            setIfPossible(socket, IpOptions.MULTICAST_ALL, false);
            if (ipv6) {
                setIfPossible(socket, Ipv6Options.MULTICAST_ALL, false);
            }
            socket.bind(address);
            return new PortSocket(socket, socket.localAddress());
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /** A kernel, a seccomp filter or a sandbox without the option: the port works without it. */
    private static void setIfPossible(UdpSocket socket, SockOpt<Boolean> option, boolean value) {
        try {
            socket.set(option, value);
        } catch (SyscallException e) {
            LOG.log(Logger.Level.DEBUG, "going on without {0}: {1}", option, e.getMessage());
        }
    }
}
