package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;

/** Sends every datagram back to where it came from. Arguments: the port, and the address to listen on. */
final class Echo implements DatagramProtocol {

    // @start region = "protocol"
    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        IO.println("received " + Text.of(datagram) + " from " + datagram.source());
        transport.write(datagram, datagram.source());
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        // Others could have an echo that they can reach send datagrams to third parties, by lying about their address.
        var address = arguments.length > 1 ? arguments[1] : "127.0.0.1";
        // @start region = "run"
        try (var reactor = Reactor.open()) {
            var transport = reactor.listenUdp(port, new Echo(), PortOptions.defaults().withInterface(address));
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
        // @end
    }
}
