package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A port on {@code ::} also serves IPv4, by addresses that begin with {@code ::ffff:}. */
@Tag("loopback")
class DualStackTest {

    private static final class Talker extends Recorder {
        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            super.datagramReceived(datagram, transport);
            events.add(datagram.source().toString());
            transport.write(datagram, datagram.source());
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            events.add("refused by " + destination);
        }
    }

    private static DatagramTransport open(Reactor reactor, PortSource source, DatagramProtocol protocol)
            throws IOException {
        if (source == PortSource.LISTENED) {
            return reactor.listenUdp(0, protocol, PortOptions.defaults().withInterface("::"));
        }
        try (var parents = UdpSocket.open(StandardProtocolFamily.INET6)) {
            parents.bind(SockAddr.of("::", 0));
            return reactor.adoptDatagramPort(parents.descriptor(), protocol);
        }
    }

    private static SockAddr mapped(Peer ipv4) {
        return SockAddr.of("::ffff:127.0.0.1", ipv4.address().port());
    }

    /** In Twisted, too, the answer has to be written to the mapped address. */
    @ParameterizedTest
    @EnumSource
    void aMappedSourceIsAnsweredAtItsMappedAddress(PortSource source) throws Exception {
        var protocol = new Talker();
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, source, protocol);
            peer.send(Loopback.IPV4.address(port.localAddress().port()), new byte[]{'a'});
            Loop.turns(reactor, 1);
            assertEquals(List.of("a"), peer.received());
            assertEquals(List.of("start", "a", mapped(peer).toString(), "stop"), protocol.events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnmappedIpv4AddressIsRefused(PortSource source) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, source, new Recorder());
            assertThrows(InvalidAddressException.class, () -> port.write(new byte[1], peer.address()));
            assertThrows(InvalidAddressException.class, () -> port.connect(peer.address()));
        }
    }

    /** The ICMP error of an IPv4 packet is queued for IP_RECVERR, that of an IPv6 one for IPV6_RECVERR. */
    @EveryWay
    void datagramsAndRefusalsOfAPeerOfEitherFamilyAreReceived(PortSource source, Loopback family) throws Exception {
        var protocol = new Talker();
        try (var reactor = Reactor.open(); var stranger = Peer.open(family)) {
            var port = open(reactor, source, protocol);
            stranger.send(family.address(port.localAddress().port()), new byte[]{'s'});
            SockAddr address;
            try (var peer = Peer.open(family)) {
                address = family == Loopback.IPV4 ? mapped(peer) : peer.address();
                port.connect(address);
                assertEquals(address, port.peerAddress());
                assertTrue(port.socket().get(IpOptions.RECVERR));
                assertTrue(port.socket().get(Ipv6Options.RECVERR));
                port.write("hello".getBytes(ISO_8859_1), address);
                port.flush();
                assertEquals("hello", peer.receive());
                peer.send(family.address(port.localAddress().port()), new byte[]{'h', 'i'});
            }
            // The peer is closed by the time "hi" is answered.
            Loop.turns(reactor, 3);
            assertEquals(
                    List.of("start", "hi", address.toString(), "refused by " + address, "stop"), protocol.events);
            assertEquals(1, port.statistics().datagramsFromStrangers());
        }
    }
}
