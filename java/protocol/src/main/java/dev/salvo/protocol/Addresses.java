package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;

/** Address literals, in the words of the protocol layer. */
final class Addresses {

    private Addresses() {}

    /** Where to write to. */
    static SockAddr destination(String host, int port) {
        if (host.equals("<broadcast>")) {
            return SockAddr.broadcast(checkPort(port));
        }
        return parse(host, port, "write() only accepts IP addresses, not hostnames: '" + host + "'");
    }

    /** Where to listen, or whom to connect to. */
    static SockAddr literal(String host, int port) {
        return parse(host, port, "'" + host + "' is not an IPv4 or IPv6 address");
    }

    private static SockAddr parse(String host, int port, String complaint) {
        checkPort(port);
        try {
            return SockAddr.of(host, port);
        } catch (IllegalArgumentException e) {
            throw new InvalidAddressException(complaint);
        }
    }

    private static int checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        return port;
    }
}
