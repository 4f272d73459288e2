package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;

/**
 * Pings a group and prints the answers with their sources. Arguments: the group's port, and the network interface (a
 * name, an index or an address; the kernel chooses by default).
 */
final class MulticastClient implements DatagramProtocol {

    private final int port;
    private final String networkInterface;

    MulticastClient(int port, String networkInterface) {
        this.port = port;
        this.networkInterface = networkInterface;
    }

    // @start region = "protocol"
    @Override
    public void startProtocol(DatagramTransport transport) throws IOException {
        // A sender need not join the group. The answers come to this port's own address.
        transport.setOutgoingInterface(networkInterface);
        transport.write(Text.bytes("Client: Ping"), MulticastServer.GROUP, port);
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        IO.println("Datagram " + Text.of(datagram) + " received from " + datagram.source());
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        var networkInterface = arguments.length > 1 ? arguments[1] : "";
        try (var reactor = Reactor.open()) {
            // Port 0 is a free port. If client and server shared a port number, the server would get some answers.
            reactor.listenMulticast(0, new MulticastClient(port, networkInterface));
            reactor.run();
        }
    }
}
