package dev.salvo.examples;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;

/** Makes a port of a socket that something else has bound, and echoes. Argument: the port. */
final class AdoptDatagramPort {

    private AdoptDatagramPort() {}

    // @start region = "adopt"
    static DatagramTransport adopt(Reactor reactor, int port) throws IOException {
        // A parent process or systemd would have opened it, and handed over the number of its descriptor.
        try (var portSocket = UdpSocket.open(StandardProtocolFamily.INET)) {
            portSocket.bind(SockAddr.of("127.0.0.1", port));
            return reactor.adoptDatagramPort(portSocket.descriptor(), new Echo());
        } // The reactor has a duplicate: the original is closed here, by its owner.
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
