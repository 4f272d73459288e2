package dev.salvo.examples;

import dev.salvo.socket.Metadata;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.time.Instant;

class ShowMetadata {
    public static void main(String[] arguments) throws Exception {
        try (UdpSocket socket = UdpSocket.open(StandardProtocolFamily.INET6);
                ReceiveBatch received = ReceiveBatch.open()) {
            Metadata.LOCAL_ADDRESS.enable(socket);
            Metadata.TRAFFIC_CLASS.enable(socket);
            Metadata.RECEIVE_TIME.enable(socket);
            socket.bind(SockAddr.of("::", arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999));
            System.out.println("listening on " + socket.localAddress());
            while (socket.awaitReadable(null)) {
                socket.receive(received);
                for (var datagram = received.next(); datagram != null; datagram = received.next()) {
                    var metadata = datagram.metadata();
                    var time = Instant.EPOCH.plusNanos(metadata.receiveTime());
                    System.out.println(datagram.source() + " sent " + datagram.originalLength() + " bytes to "
                            + metadata.localAddress() + ", by interface " + metadata.interfaceIndex() + ", ECN "
                            + metadata.ecn() + ", at " + time);
                }
            }
        }
    }
}
