package dev.salvo.examples;

import dev.salvo.socket.Metadata;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.time.Instant;

class MultihomedEcho {
    public static void main(String[] arguments) throws Exception {
        var address = arguments.length > 0 ? arguments[0] : "::1";
        var port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9999;
        try (UdpSocket socket = UdpSocket.open(StandardProtocolFamily.INET6);
                ReceiveBatch received = ReceiveBatch.open();
                SendBatch replies = SendBatch.open()) {
            Metadata.LOCAL_ADDRESS.enable(socket);
            Metadata.TRAFFIC_CLASS.enable(socket);
            Metadata.RECEIVE_TIME.enable(socket);
            socket.bind(SockAddr.of(address, port));
            System.out.println("listening on " + socket.localAddress());
            var options = new SendOptions();
            while (socket.awaitReadable(null)) {
                socket.receive(received);
                for (var datagram = received.next(); datagram != null; datagram = received.next()) {
                    var metadata = datagram.metadata();
                    System.out
                            .println(Instant.EPOCH.plusNanos(metadata.receiveTime()) + " " + datagram.source() + " to "
                                    + metadata.localAddress() + " by interface " + metadata.interfaceIndex() + ", DSCP "
                                    + metadata.dscp() + ", ECN " + metadata.ecn());
                    options.clear().trafficClass(metadata.dscp() << 2);
                    var asked = metadata.answerAddress(); // null for an IPv6 group, which nothing can come from
                    if (asked != null) {
                        options.source(asked);
                    }
                    replies.add(datagram, datagram.source(), options); // false if the batch is full
                }
                socket.send(replies);
                replies.clear();
            }
        }
    }
}
