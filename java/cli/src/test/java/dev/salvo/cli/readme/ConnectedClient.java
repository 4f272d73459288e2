package dev.salvo.cli.readme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;

class ConnectedClient {
    record Hello(Reactor reactor) implements DatagramProtocol {
        @Override
        public void startProtocol(DatagramTransport transport) throws IOException {
            transport.connect("127.0.0.1", 9999);
            transport.write("hello".getBytes(UTF_8));
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            System.out.println(UTF_8.decode(datagram.asByteBuffer()));
            reactor.stop();
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            System.err.println("nobody listens at " + destination);
            reactor.stop();
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (Reactor reactor = Reactor.open()) {
            reactor.listenUdp(0, new Hello(reactor));
            reactor.run();
        }
    }
}
