package dev.salvo.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;

/** A blocking DatagramSocket on a platform thread, with one packet, as most older programs are written. */
final class JdkSocket implements Peer {

    @Override
    public void echo(Endpoint bind) throws IOException {
        try (var socket = new DatagramSocket(null)) {
            socket.setReceiveBufferSize(Peer.RECEIVE_BUFFER);
            socket.bind(bind.address());
            Peer.listening(bind, socket.getLocalPort());
            var packet = new DatagramPacket(new byte[65_535], 65_535);
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }
}
