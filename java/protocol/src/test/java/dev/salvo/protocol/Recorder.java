package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.salvo.linux.Errno;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;

/** A protocol that records its calls as text, in order. The record may be read when the loop has ended. */
public class Recorder implements DatagramProtocol {

    public final List<String> events = new ArrayList<>();

    public static String text(Datagram datagram) {
        var payload = new byte[datagram.length()];
        datagram.copyTo(payload);
        return new String(payload, ISO_8859_1);
    }

    @Override
    public void startProtocol(DatagramTransport transport) throws Exception {
        events.add("start");
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
        events.add(text(datagram));
    }

    @Override
    public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) throws Exception {
        events.add("failed " + destination + " " + length + " " + Errno.name(errno));
    }

    @Override
    public void writable(DatagramTransport transport) throws Exception {
        events.add("writable");
    }

    @Override
    public void stopProtocol(DatagramTransport transport) throws Exception {
        events.add("stop");
    }
}
