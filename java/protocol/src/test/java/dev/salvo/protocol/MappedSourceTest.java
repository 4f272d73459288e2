package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A port on {@code ::} also receives IPv4, shows the source as an IPv4-mapped address, and answers to that address. */
@Tag("loopback")
class MappedSourceTest {

    @Test
    void anIpv4PeerIsAnswered() throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) {
                events.add(datagram.source().toString());
                events.add("mapped " + datagram.source().isIpv4Mapped());
                transport.write(datagram, datagram.source());
            }
        };
        try (var reactor = Reactor.open();
                var ipv4 = Peer.open(Loopback.IPV4);
                var ipv6 = Peer.open(Loopback.IPV6)) {
            var port = reactor.listenUdp(0, protocol, PortOptions.defaults().withInterface("::"));
            var number = port.localAddress().port();
            ipv4.send(Loopback.IPV4.address(number), new byte[]{'4'});
            ipv6.send(Loopback.IPV6.address(number), new byte[]{'6'});
            Loop.turns(reactor, 1);
            var mapped = SockAddr.of("::ffff:127.0.0.1", ipv4.address().port());
            assertEquals(
                    List.of("start", mapped.toString(), "mapped true", ipv6.address().toString(), "mapped false",
                            "stop"),
                    protocol.events);
            assertEquals(List.of("4"), ipv4.received());
            assertEquals(List.of("6"), ipv6.received());
        }
    }
}
