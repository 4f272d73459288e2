package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;

/** Address literals and checks, in the words of the protocol layer. */
final class Addresses {

    private static final int IPV4_LARGEST = 65_507;
    private static final int IPV6_LARGEST = 65_527;

    private Addresses() {}

    /** Where to write to. */
    static SockAddr destination(String host, int port) {
        if (host.equals("<broadcast>")) {
            return SockAddr.broadcast(checkPort(port));
        }
        return parse(host, port, "write() only accepts IP addresses, not hostnames: '" + host + "'");
    }

    /** Where options have a port listen. */
    static SockAddr listening(PortOptions options, int port) {
        return literal(options.interfaceAddress().isEmpty() ? "0.0.0.0" : options.interfaceAddress(), port);
    }

    /** Where to listen, or whom to connect to. */
    static SockAddr literal(String host, int port) {
        return parse(host, port, "'" + host + "' is not an IPv4 or IPv6 address");
    }

    private static SockAddr parse(String host, int port, String complaint) {
        try {
            SockAddr.of(host, 0);
        } catch (IllegalArgumentException e) {
            // Its message says more: an interface that does not exist, for instance.
            var thrown = new InvalidAddressException(complaint);
            thrown.initCause(e);
            throw thrown;
        }
        return SockAddr.of(host, checkPort(port));
    }

    private static int checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        return port;
    }

    static void requireFamily(String call, SockAddr address, boolean ipv6) {
        if (address.isIpv6() != ipv6) {
            throw new InvalidAddressException(
                    ipv6
                            ? "IPv6 port " + call + "() called with IPv4 address " + address
                            : "IPv4 port " + call + "() called with IPv6 address " + address);
        }
    }

    static void requireLength(int length, SockAddr destination) {
        if (length > IPV4_LARGEST) {
            var most = destination.isIpv6() && !destination.isIpv4Mapped() ? IPV6_LARGEST : IPV4_LARGEST;
            if (length > most) {
                throw new MessageLengthException(length, most);
            }
        }
    }
}
