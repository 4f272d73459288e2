package dev.salvo.bench;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;

/**
 * An address as it is written on the command line: {@code ADDR:PORT} or {@code [ADDR]:PORT}.
 *
 * @param host an IPv4 or IPv6 literal
 * @param port 0 for any free port
 */
record Endpoint(String host, int port) {

    static Endpoint parse(String text) {
        var colon = text.lastIndexOf(':');
        var bracketed = text.startsWith("[") && colon > 1 && text.charAt(colon - 1) == ']';
        var host = bracketed ? text.substring(1, colon - 1) : text.substring(0, Math.max(0, colon));
        if (host.isEmpty() || bracketed != host.contains(":")) {
            throw new IllegalArgumentException("not ADDR:PORT or [ADDR]:PORT: " + text);
        }
        var endpoint = new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
        // Throws IllegalArgumentException for a host that is not a literal and for a port out of range.
        endpoint.address();
        return endpoint;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    StandardProtocolFamily family() {
        return address().getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** The wildcard address of the same family with any free port, to send from. */
    Endpoint any() {
        return new Endpoint(family() == StandardProtocolFamily.INET6 ? "::" : "0.0.0.0", 0);
    }

    Endpoint withPort(int other) {
        return new Endpoint(host, other);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
