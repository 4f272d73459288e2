package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;

/** Sends every datagram back to its source. Arguments: the port, and the address to listen on. */
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
        // Anybody who can reach an echo can make it send datagrams to a third party, by spoofing the source address.
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
