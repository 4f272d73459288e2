package dev.salvo.socket;

import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import java.net.StandardProtocolFamily;

/** The two loopback addresses. */
enum Loopback {
    IPV4(StandardProtocolFamily.INET, "127.0.0.1", 65_507), IPV6(StandardProtocolFamily.INET6, "::1", 65_527);

    final StandardProtocolFamily family;
    /** The largest datagram: 65,535 less the UDP header, and for IPv4 the IP header too. */
    final int largestDatagram;

    private final String literal;

    Loopback(StandardProtocolFamily family, String literal, int largestDatagram) {
        this.family = family;
        this.literal = literal;
        this.largestDatagram = largestDatagram;
    }

    SockAddr address(int port) {
        return SockAddr.of(literal, port);
    }

    SockOpt<Boolean> recvErr() {
        return this == IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR;
    }

    /** A socket on a port that the kernel chose. */
    UdpSocket bound() throws SyscallException {
        var socket = UdpSocket.open(family);
        socket.bind(address(0));
        return socket;
    }

    /**
     * A socket whose port answers everyone else with "port unreachable", and that nobody else can get meanwhile: it is
     * connected to itself.
     */
    UdpSocket dead() throws SyscallException {
        var socket = bound();
        socket.connect(socket.localAddress());
        return socket;
    }
}
