package dev.salvo.testing;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import java.net.StandardProtocolFamily;

/** The two loopback addresses. */
public enum Loopback {
    IPV4(StandardProtocolFamily.INET, "127.0.0.1", 65_507), IPV6(StandardProtocolFamily.INET6, "::1", 65_527);

    public final StandardProtocolFamily family;
    /** The largest payload: 65,535 less the UDP header, and for IPv4 less the IP header too. */
    public final int largestDatagram;

    private final String literal;

    Loopback(StandardProtocolFamily family, String literal, int largestDatagram) {
        this.family = family;
        this.literal = literal;
        this.largestDatagram = largestDatagram;
    }

    public SockAddr address(int port) {
        return SockAddr.of(literal, port);
    }

    public SockOpt<Boolean> recvErr() {
        return this == IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR;
    }

    /** A socket on a port that the kernel chose. */
    public UdpSocket bound() throws SyscallException {
        var socket = UdpSocket.open(family);
        socket.bind(address(0));
        return socket;
    }

    /**
     * A socket whose port answers all others with "port unreachable", and which nobody else can bind meanwhile: it is
     * connected to itself.
     */
    public UdpSocket dead() throws SyscallException {
        var socket = bound();
        socket.connect(socket.localAddress());
        return socket;
    }
}
