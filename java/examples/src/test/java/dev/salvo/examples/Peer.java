package dev.salvo.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The other endpoint: a plain JDK socket on loopback. Payloads are text. */
final class Peer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final DatagramSocket socket;
    private final InetAddress loopback;

    Peer(String literal) throws IOException {
        loopback = InetAddress.ofLiteral(literal);
        socket = new DatagramSocket(new InetSocketAddress(loopback, 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The address of this peer, as a program prints it. */
    String name() {
        return (loopback.getAddress().length == 4 ? "127.0.0.1:" : "[::1]:") + port();
    }

    void send(String text, int port) throws IOException {
        var bytes = text.getBytes(US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, loopback, port));
    }

    /** Receives the next datagram, with its source. */
    DatagramPacket receive() throws IOException {
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return packet;
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }

    @Override
    public void close() {
        socket.close();
    }
}
