package dev.salvo.bench;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;

/**
 * What {@code --bind ADDR:PORT} says, the one argument of every peer.
 *
 * @param host an IPv4 or IPv6 literal
 * @param port 0 for a free one
 */
record Bind(String host, int port) {

    /** What the C peers ask for too: a window of the load must fit, or the kernel's drops would be measured. */
    static final int RECEIVE_BUFFER = 4 << 20;

    static Bind parse(String[] args) {
        var text = args.length == 2 && args[0].equals("--bind") ? args[1] : "";
        var colon = text.lastIndexOf(':');
        if (colon <= 0) {
            System.err.println("Usage: --bind ADDR:PORT, as 127.0.0.1:9999 or [::1]:9999");
            System.exit(2);
        }
        var host = text.substring(0, colon);
        return new Bind(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(text.substring(colon + 1)));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    ProtocolFamily family() {
        return address().getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** The line that tells whoever started the peer that it is ready. */
    void announce(int boundPort) {
        System.out.println("listening on " + (host.contains(":") ? "[" + host + "]" : host) + ":" + boundPort);
    }
}
