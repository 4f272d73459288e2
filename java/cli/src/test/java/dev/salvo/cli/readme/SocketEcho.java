package dev.salvo.cli.readme;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.UdpOptions;
import java.net.StandardProtocolFamily;

class SocketEcho {
    public static void main(String[] arguments) throws Exception {
        try (UdpSocket socket = UdpSocket.open(StandardProtocolFamily.INET);
                ReceiveBatch received = ReceiveBatch.open();
                SendBatch replies = SendBatch.open()) {
            socket.set(UdpOptions.GRO, true);
            socket.bind(SockAddr.of("127.0.0.1", 9999));
            while (true) {
                socket.awaitReadable(null);
                socket.receive(received);
                for (var datagram = received.next(); datagram != null; datagram = received.next()) {
                    if (!replies.add(datagram, datagram.source())) {
                        socket.send(replies);
                        replies.clear();
                        replies.add(datagram, datagram.source());
                    }
                }
                socket.send(replies);
                replies.clear(); // what the kernel had no room for (EAGAIN) is dropped here
            }
        }
    }
}
