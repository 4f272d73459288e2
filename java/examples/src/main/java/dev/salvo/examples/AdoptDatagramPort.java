package dev.salvo.examples;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;

/** Adopts a socket that was bound elsewhere, and echoes on it. Argument: the port. */
final class AdoptDatagramPort {

    private AdoptDatagramPort() {}

    // @start region = "adopt"
    static DatagramTransport adopt(Reactor reactor, int port) throws IOException {
        // In a real program a parent process or systemd opens the socket and passes its descriptor number.
        try (var portSocket = UdpSocket.open(StandardProtocolFamily.INET)) {
            portSocket.bind(SockAddr.of("127.0.0.1", port));
            return reactor.adoptDatagramPort(portSocket.descriptor(), new Echo());
        } // The reactor has duplicated the descriptor. The owner closes the original here.
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        try (var reactor = Reactor.open()) {
            IO.println("listening on " + adopt(reactor, port).localAddress());
            reactor.run();
        }
    }
}
