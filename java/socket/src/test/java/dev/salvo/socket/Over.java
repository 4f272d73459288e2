package dev.salvo.socket;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SocketError.Origin;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.Loopback;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/** The three combinations of socket family and IP version, with the matching ICMP types. */
enum Over {
    IPV4(StandardProtocolFamily.INET, "", "127.0.0.1"), IPV6(StandardProtocolFamily.INET6, "", "::1"), MAPPED(
            StandardProtocolFamily.INET6, "::ffff:", "127.0.0.1");

    final StandardProtocolFamily family;
    final Loopback loopback;
    /** The protocol that reports the errors. */
    final Origin origin;
    /** Type and code of "port unreachable" (RFC 792, RFC 4443). */
    final int unreachable;

    final int portUnreachable;

    private final String prefix;
    private final String literal;

    Over(StandardProtocolFamily family, String prefix, String literal) {
        this.family = family;
        this.prefix = prefix;
        this.literal = literal;
        var ipv6 = literal.contains(":");
        loopback = ipv6 ? Loopback.IPV6 : Loopback.IPV4;
        origin = ipv6 ? Origin.ICMPV6 : Origin.ICMP;
        unreachable = ipv6 ? 1 : 3;
        portUnreachable = ipv6 ? 4 : 3;
    }

    /** An unbound socket that keeps ICMP errors. */
    UdpSocket open() throws SyscallException {
        var socket = UdpSocket.open(family);
        if (family == StandardProtocolFamily.INET6) {
            socket.set(Ipv6Options.RECVERR, true);
        }
        if (origin == Origin.ICMP) {
            socket.set(IpOptions.RECVERR, true);
        }
        return socket;
    }

    /** Returns the loopback address in the form that a socket of this family uses. */
    SockAddr loopback(int port) {
        return of(literal, port);
    }

    /** Returns an IPv4 or IPv6 address in the form that a socket of this family uses. */
    SockAddr of(String address, int port) {
        return SockAddr.of(prefix + address, port);
    }

    /** Opens a socket whose port answers "unreachable": see {@link Loopback#dead}. */
    SockAddr addressOf(UdpSocket dead) throws SyscallException {
        return loopback(dead.localAddress().port());
    }

    /** The error of a datagram, or of a joined message, to a dead port on loopback. */
    SocketError refused(SockAddr destination, String payload) {
        return new SocketError(
                Errno.ECONNREFUSED, origin, unreachable, portUnreachable, 0, destination, loopback(0),
                ByteBuffer.wrap(Traffic.bytes(payload)));
    }
}
