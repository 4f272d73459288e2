package dev.salvo.protocol;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;

/** The two ways to open a port. Suites run over both, as Twisted's run over ReactorBuilder. */
enum PortSource {
    LISTENED {
        @Override
        DatagramTransport open(Reactor reactor, Loopback family, DatagramProtocol protocol, PortOptions options)
                throws IOException {
            return reactor.listenUdp(0, protocol, options.withInterface(family.literal));
        }
    },
    ADOPTED {
        @Override
        DatagramTransport open(Reactor reactor, Loopback family, DatagramProtocol protocol, PortOptions options)
                throws IOException {
            try (var parents = bound(family)) {
                return reactor.adoptDatagramPort(parents.descriptor(), protocol, options);
            }
        }
    };

    /** Opens a bound port. For an adopted one, the original descriptor is closed on return. */
    abstract DatagramTransport open(Reactor reactor, Loopback family, DatagramProtocol protocol, PortOptions options)
            throws IOException;

    DatagramTransport open(Reactor reactor, Loopback family, DatagramProtocol protocol) throws IOException {
        return open(reactor, family, protocol, PortOptions.defaults());
    }

    static UdpSocket bound(Loopback family) throws IOException {
        var socket = UdpSocket.open(
                family == Loopback.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        socket.bind(SockAddr.of(family.literal, 0));
        return socket;
    }
}
