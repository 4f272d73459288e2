package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;

/** The two families that tests run over. */
public enum Loopback {
    IPV4("127.0.0.1", 65_507), IPV6("::1", 65_527);

    public final String literal;
    public final int largestDatagram;

    Loopback(String literal, int largestDatagram) {
        this.literal = literal;
        this.largestDatagram = largestDatagram;
    }

    public PortOptions options() {
        return PortOptions.defaults().withInterface(literal);
    }

    public SockAddr address(int port) {
        return SockAddr.of(literal, port);
    }

    public Loopback other() {
        return this == IPV4 ? IPV6 : IPV4;
    }
}
