package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;

/** Sends hello to one peer, and receives only from that peer. Arguments: the peer's address and port. */
final class Helloer implements DatagramProtocol {

    private final String host;
    private final int port;

    Helloer(String host, int port) {
        this.host = host;
        this.port = port;
    }

    // @start region = "protocol"
    @Override
    public void startProtocol(DatagramTransport transport) throws IOException {
        transport.connect(host, port);
        IO.println("now we can only send to host " + host + " port " + port);
        transport.write(Text.bytes("hello")); // no need for address
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        IO.println("received " + Text.of(datagram) + " from " + datagram.source());
    }

    /**
     * Called if nobody listens there: the peer's kernel reports it, unless a firewall or a rate limit suppresses the
     * report.
     */
    @Override
    public void connectionRefused(SockAddr destination, DatagramTransport transport) {
        IO.println("No one listening");
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var host = arguments.length > 0 ? arguments[0] : "127.0.0.1";
        var port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1234;
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Helloer(host, port)); // 0 means any port, we don't care in this case
            reactor.run();
        }
    }
}
