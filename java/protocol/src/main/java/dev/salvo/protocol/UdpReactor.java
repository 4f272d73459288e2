package dev.salvo.protocol;

import java.io.IOException;

/** What a reactor opens ports with; one class would be too long. */
abstract sealed class UdpReactor permits Reactor {

    UdpReactor() {}

    /** To be opened in: throws if the caller is not the owner, or the reactor has stopped. */
    abstract Ports usablePorts();

    /**
     * Listens on a port, on any IPv4 address.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param protocol what to call
     * @return the port, bound; it receives once the reactor runs
     * @throws CannotListenException if the port can't be bound
     * @throws IllegalArgumentException if the port is out of range
     */
    public DatagramTransport listenUdp(int port, DatagramProtocol protocol) throws CannotListenException {
        return listenUdp(port, protocol, PortOptions.defaults());
    }

    /**
     * Listens on a port. Beside what the socket layer sets for every socket (non-blocking, closed on exec), GRO is
     * switched on unless the options say no, and IP_MULTICAST_ALL off, so that the port hears no groups that others
     * joined.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param protocol what to call
     * @param options where and how
     * @return the port, bound; it receives once the reactor runs
     * @throws CannotListenException if the port can't be bound, or if startProtocol throws an IOException; the cause
     *     has the errno
     * @throws IllegalStateException if the reactor has stopped, or if startProtocol throws another checked exception;
     *     an unchecked one comes as it is
     * @throws InvalidAddressException if the interface is no IPv4 or IPv6 literal
     * @throws IllegalArgumentException if the port is out of range, or if the options have both listenMultiple and
     *     sharedPort
     */
    public DatagramTransport listenUdp(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        return usablePorts().listenUdp(port, protocol, options);
    }

    /**
     * Listens on a port for datagrams to groups, which startProtocol joins. Every port can: this is
     * {@link #listenUdp(int, DatagramProtocol)} by Twisted's name.
     *
     * {@snippet file = "dev/salvo/examples/MulticastServer.java" region = "run"}
     *
     * @param port 0 to 65535
     * @param protocol what to call
     * @return as listenUdp
     * @throws CannotListenException as listenUdp
     */
    public DatagramTransport listenMulticast(int port, DatagramProtocol protocol) throws CannotListenException {
        return listenUdp(port, protocol);
    }

    /**
     * Listens on a port for datagrams to groups, as {@link #listenUdp(int, DatagramProtocol, PortOptions)};
     * {@link PortOptions#withListenMultiple} shares the port.
     *
     * @param port 0 to 65535
     * @param protocol what to call
     * @param options where and how
     * @return as listenUdp
     * @throws CannotListenException as listenUdp
     */
    public DatagramTransport listenMulticast(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        return listenUdp(port, protocol, options);
    }

    /**
     * Makes a port of a UDP socket that another process or library opened, with the default options: see
     * {@link #adoptDatagramPort(int, DatagramProtocol, PortOptions)}.
     *
     * @param descriptor an open descriptor of it
     * @param protocol what to call
     * @return the port; it receives once the reactor runs
     * @throws IOException as the other
     */
    public DatagramTransport adoptDatagramPort(int descriptor, DatagramProtocol protocol) throws IOException {
        return adoptDatagramPort(descriptor, protocol, PortOptions.defaults());
    }

    /**
     * Makes a port of a UDP socket that another process or library opened. The descriptor is duplicated, and stays the
     * caller's to close, at once if it likes; stopListening closes the duplicate and never shuts the socket down. Its
     * family, where it is bound and whom it is connected to are asked of the kernel; it may be blocking. No option is
     * changed, GRO included, since whoever else holds the socket would have it changed too, but for RECVERR while it is
     * connected or if the options ask for errors, what the metadata asked for takes, and PKTINFO for
     * {@link PortOptions#withAnswerFromAsked}. When the port is closed, they are put back, and so is the peer if the
     * port was connected elsewhere; what the program sets or joins stays.
     *
     * <p>Put back is what the port itself switched on, whoever uses the socket: if two ports adopt one socket and ask
     * for the same errors or metadata, the first that did so switches it off for the other when it is closed. The other
     * can switch it on again: {@code transport.socket().set}.
     *
     * {@snippet file = "dev/salvo/examples/AdoptDatagramPort.java" region = "adopt"}
     *
     * @param descriptor an open descriptor of it
     * @param protocol what to call
     * @param options how; without an interface
     * @return the port; it receives once the reactor runs
     * @throws UnsupportedAddressFamilyException if it is neither IPv4 nor IPv6
     * @throws UnsupportedSocketTypeException if it is not UDP
     * @throws IOException EBADF if it is not open, ENOTSOCK if it is no socket, EMFILE; ENOPROTOOPT if the kernel does
     *     not have the metadata asked for; or what startProtocol throws
     * @throws IllegalStateException if the reactor has stopped, or if startProtocol throws another checked exception
     * @throws IllegalArgumentException if the options have an interface, listenMultiple or sharedPort
     */
    public DatagramTransport adoptDatagramPort(int descriptor, DatagramProtocol protocol, PortOptions options)
            throws IOException {
        return usablePorts().adopt(descriptor, protocol, options);
    }
}
