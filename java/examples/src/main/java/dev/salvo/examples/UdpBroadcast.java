package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/**
 * Each second broadcasts a ping with a new id, and answers every ping, including its own, with a broadcast pong. The
 * number of pongs is the number of programs that run this. Arguments: the port, and the broadcast address.
 */
final class UdpBroadcast implements DatagramProtocol {

    private final String broadcastAddress;

    UdpBroadcast(String broadcastAddress) {
        this.broadcastAddress = broadcastAddress;
    }

    // @start region = "protocol"
    @Override
    public void startProtocol(DatagramTransport transport) throws IOException {
        transport.setBroadcastAllowed(true);
    }

    void sendPing(DatagramTransport transport) {
        send("PING " + UUID.randomUUID(), transport);
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        var text = Text.of(datagram);
        if (text.startsWith("PING ")) {
            IO.println("RECV " + text);
            send("PONG " + text.substring(5), transport);
        } else if (text.startsWith("PONG ")) {
            IO.println("RECV " + text);
        }
    }

    private void send(String text, DatagramTransport transport) {
        transport.write(Text.bytes(text), broadcastAddress, transport.localAddress().port());
        IO.println("SEND " + text);
    }
    // @end

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8555;
        var broadcastAddress = arguments.length > 1 ? arguments[1] : "<broadcast>";
        try (var reactor = Reactor.open()) {
            var protocol = new UdpBroadcast(broadcastAddress);
            var transport = reactor.listenUdp(port, protocol);
            IO.println("listening on " + transport.localAddress());
            // @start region = "every"
            reactor.callLater(Duration.ZERO, () -> protocol.sendPing(transport));
            reactor.callEvery(Duration.ofSeconds(1), () -> protocol.sendPing(transport));
            // @end
            reactor.run();
        }
    }
}
