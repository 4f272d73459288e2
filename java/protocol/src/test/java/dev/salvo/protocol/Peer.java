package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * The remote end: a plain socket of the JDK on loopback, so that no test has Salvo on both sides. Payloads are text.
 */
public final class Peer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final DatagramSocket socket;
    private final SockAddr address;

    private Peer(DatagramSocket socket) throws IOException {
        this.socket = socket;
        this.address = SockAddr.of((InetSocketAddress) socket.getLocalSocketAddress());
        socket.setReceiveBufferSize(4 << 20);
    }

    public static Peer open(Loopback family) throws IOException {
        return new Peer(new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(family.literal), 0)));
    }

    /** Opens a peer on an address that another socket had before. */
    public static Peer open(SockAddr address) throws IOException {
        return new Peer(new DatagramSocket(address.toInetSocketAddress()));
    }

    public SockAddr address() {
        return address;
    }

    public void send(DatagramTransport to, String... payloads) throws IOException {
        for (var payload : payloads) {
            send(to.localAddress(), payload.getBytes(ISO_8859_1));
        }
    }

    public void send(SockAddr to, byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, to.toInetSocketAddress()));
    }

    public String receive() throws IOException {
        return receive(PATIENCE_MILLIS);
    }

    public List<String> receive(long count) throws IOException {
        var received = new ArrayList<String>();
        while (received.size() < count) {
            received.add(receive());
        }
        return received;
    }

    /**
     * All datagrams that have arrived by now. On loopback a datagram has arrived when the call that sent it returns.
     */
    public List<String> received() throws IOException {
        var received = new ArrayList<String>();
        try {
            while (true) {
                received.add(receive(1));
            }
        } catch (SocketTimeoutException e) {
            return received;
        }
    }

    private String receive(int millis) throws IOException {
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.setSoTimeout(millis);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    @Override
    public void close() {
        socket.close();
    }
}
