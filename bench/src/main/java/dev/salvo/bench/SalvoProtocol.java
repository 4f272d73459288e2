package dev.salvo.bench;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.option.SocketLevelOptions;
import java.io.IOException;
import java.util.List;

/** Salvo as in its README: one datagram at a time, and nothing tuned except by the given options. */
class SalvoProtocol implements Peer {

    private final SalvoOptions options;

    SalvoProtocol(SalvoOptions options) {
        this.options = options;
    }

    @Override
    public void echo(Endpoint bind) throws IOException {
        serve(bind, (datagram, transport) -> transport.write(datagram, datagram.source()));
    }

    @Override
    public void sink(Endpoint bind, Counter counter) throws IOException {
        serve(bind, new Sink(counter));
    }

    @Override
    public void source(List<Endpoint> destinations, int size, Counter counter) throws IOException {
        try (var reactor = options.openReactor()) {
            var source = new SalvoSource(reactor, destinations, new byte[size], counter);
            reactor.listenUdp(0, source, options.at(destinations.getFirst().any()));
            Arguments.announceSending(destinations);
            reactor.run();
        }
    }

    @Override
    public void sockets(int count, PortList ports) throws IOException {
        try (var reactor = options.openReactor()) {
            for (int i = 0; i < count; i++) {
                var port = reactor.listenUdp(0,
                        (datagram, transport) -> transport.write(datagram, datagram.source()),
                        options.at(PortList.ADDRESS));
                ports.add(port.localAddress().port());
            }
            ports.publish();
            reactor.run();
        }
    }

    final void serve(Endpoint bind, DatagramProtocol protocol) throws IOException {
        try (var reactor = options.openReactor()) {
            var port = reactor.listenUdp(bind.port(), protocol, options.at(bind));
            port.socket().set(SocketLevelOptions.RCVBUF, RECEIVE_BUFFER);
            Peer.listening(bind, port.localAddress().port());
            reactor.run();
        }
    }

    /** Updates the counter for each datagram. */
    private static final class Sink implements DatagramProtocol {

        private final Counter counter;
        private long received;

        Sink(Counter counter) {
            this.counter = counter;
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            counter.done(++received);
        }
    }
}
