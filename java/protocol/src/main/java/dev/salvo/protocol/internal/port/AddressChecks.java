package dev.salvo.protocol.internal.port;

import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.PortOptions;
import dev.salvo.socket.SockAddr;

/** Parses address literals, with the exceptions of the protocol layer. */
public final class AddressChecks {

    private AddressChecks() {}

    /** The destination of a write. */
    public static SockAddr destination(String host, int port) {
        if (host.equals("<broadcast>")) {
            return SockAddr.broadcast(checkPort(port));
        }
        return parse(host, port, "write() only accepts IP addresses, not hostnames: '" + host + "'");
    }

    /** The address at which the options have a port listen. */
    public static SockAddr listening(PortOptions options, int port) {
        return literal(options.interfaceAddress().isEmpty() ? "0.0.0.0" : options.interfaceAddress(), port);
    }

    /** An address to listen on, or to connect to. */
    public static SockAddr literal(String host, int port) {
        return parse(host, port, "'" + host + "' is not an IPv4 or IPv6 address");
    }

    private static SockAddr parse(String host, int port, String complaint) {
        try {
            SockAddr.of(host, 0);
        } catch (IllegalArgumentException e) {
            // The cause gives the exact reason, for instance an interface that does not exist.
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
}
