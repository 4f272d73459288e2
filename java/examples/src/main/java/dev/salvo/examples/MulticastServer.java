package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;

/**
 * Answers the pings of a group. Arguments: the port, and the network interface (a name, an index or an address; the
 * kernel chooses by default).
 */
final class MulticastServer implements DatagramProtocol {

    static final String GROUP = "228.0.0.5";

    private final String networkInterface;

    MulticastServer(String networkInterface) {
        this.networkInterface = networkInterface;
    }

    // @start region = "protocol"
    @Override
    public void startProtocol(DatagramTransport transport) throws IOException {
        // With more than 1, datagrams to groups can cross routers:
        transport.setTTL(5);
        transport.joinGroup(GROUP, networkInterface);
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        var text = Text.of(datagram);
        IO.println("Datagram " + text + " received from " + datagram.source());
        if (text.equals("Client: Ping")) {
            // The answer goes to the client, not to the group:
            transport.write(Text.bytes("Server: Pong"), datagram.source());
        }
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        var networkInterface = arguments.length > 1 ? arguments[1] : "";
        // @start region = "run"
        // Several servers may listen on this port, and each receives what is sent to the group:
        var options = PortOptions.defaults().withListenMultiple(true);
        try (var reactor = Reactor.open()) {
            var transport = reactor.listenMulticast(port, new MulticastServer(networkInterface), options);
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
        // @end
    }
}
