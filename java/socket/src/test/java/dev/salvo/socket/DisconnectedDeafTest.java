package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.testing.NetNamespace;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@link UdpSocket#disconnect} says of Linux: a disconnected INET6 socket receives IPv6 datagrams from the address
 * of its former peer alone. If this fails, Linux has changed, and the javadoc has to.
 */
@Tag("netns")
class DisconnectedDeafTest {

    private static final List<String> HOSTS = List.of("::1", "2001:db8::1", "127.0.0.1");

    /** The hosts of {@link #HOSTS} that a socket hears after it was connected to a peer and disconnected. */
    private static List<String> heard(String bound, String peer) throws Exception {
        try (var namespace = NetNamespace.open()) {
            namespace.in("address", "add", "2001:db8::1/128", "dev", "lo", "nodad");
            return namespace.call(() -> {
                var family = bound.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
                try (var socket = UdpSocket.open(family); var in = ReceiveBatch.open(); var out = SendBatch.open()) {
                    socket.bind(SockAddr.of(bound, 0));
                    socket.connect(SockAddr.of(peer, 9));
                    socket.disconnect();
                    for (var host : HOSTS) {
                        try (var sender = UdpSocket.open(
                                host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET)) {
                            sender.bind(SockAddr.of(host, 0));
                            Traffic.add(out, SockAddr.of(host, socket.localAddress().port()), host);
                            sender.send(out);
                        }
                    }
                    socket.receive(in);
                    var heard = new ArrayList<String>();
                    for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                        heard.add(Traffic.text(datagram));
                    }
                    return heard;
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"::, ::1, ::1 127.0.0.1", "::, 2001:db8::1, 2001:db8::1 127.0.0.1",
            "::, ::ffff:127.0.0.1, 127.0.0.1"})
    void anInet6SocketHearsItsFormerPeerAlone(String bound, String peer, String heard) throws Exception {
        assertEquals(List.of(heard.split(" ")), heard(bound, peer));
    }

    @Test
    void anInetSocketHearsEveryone() throws Exception {
        assertEquals(List.of("127.0.0.1"), heard("0.0.0.0", "127.0.0.2"));
    }
}
