package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** All are one destination, so its datagrams stay in order, whatever form it is given in. */
    @ParameterizedTest
    @EnumSource
    void anIpv4DestinationIsTakenInEveryForm(PortSource source) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, source, new Recorder());
            var to = peer.address();
            var options = new SendOptions().source(SockAddr.of("127.0.0.1", 0));
            var unmappedByJava = new InetSocketAddress(InetAddress.ofLiteral("::ffff:127.0.0.1"), to.port());
            assertTrue(port.write(bytes("a"), to));
            assertTrue(port.write(bytes("b"), mapped(peer)));
            assertTrue(port.write(bytes("c"), to));
            assertTrue(port.write(bytes("d"), to));
            assertTrue(port.write(bytes("e"), to.toInetSocketAddress()));
            assertTrue(port.write(bytes("f"), unmappedByJava));
            assertTrue(port.write(bytes("g"), "127.0.0.1", to.port()));
            assertTrue(port.write(MemorySegment.ofArray(bytes("h")), 0, 1, to));
            assertTrue(port.write(ByteBuffer.wrap(bytes("i")), to));
            assertTrue(port.writeSequence(List.of(bytes("j"), bytes("k")), to));
            assertTrue(port.write(bytes("l"), to, options));
            assertTrue(port.write(bytes("m"), mapped(peer), options));
            assertTrue(port.write(bytes("n"), SockAddr.of(InetAddress.ofLiteral("127.0.0.1"), to.port())));
            assertTrue(port.write(bytes("o"), mapped(peer)));
            port.flush();
            assertEquals("abcdefghijklmno", String.join("", peer.received()));
            assertEquals(0, port.statistics().socket().datagramsFailed());
        }
    }

    /** The mapping is checked once for a batch: the datagrams to one object share a message. */
    @ParameterizedTest
    @EnumSource
    void datagramsToAnIpv4DestinationAreJoined(PortSource source) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, source, new Recorder());
            for (int i = 0; i < 30; i++) {
                assertTrue(port.write(bytes("x"), peer.address()));
            }
            port.flush();
            assertEquals(30, peer.received().size());
            assertEquals(1, port.statistics().socket().messagesSent());
        }
    }

    /** A port of one family may hand its datagrams to one of both. */
    @Test
    void aSourceOfAnIpv4PortIsTaken() throws Exception {
        try (var reactor = Reactor.open();
                var first = Peer.open(Loopback.IPV4);
                var second = Peer.open(Loopback.IPV4)) {
            var both = open(reactor, PortSource.LISTENED, new Recorder());
            var ipv4 = reactor.listenUdp(0, (datagram, transport) -> both.write(datagram, datagram.source()));
            var to = SockAddr.of("127.0.0.1", ipv4.localAddress().port());
            first.send(to, bytes("first"));
            second.send(to, bytes("second"));
            first.send(to, bytes("third"));
            Loop.turns(reactor, 3);
            assertEquals(List.of("first", "third"), first.received());
            assertEquals(List.of("second"), second.received());
        }
    }

    /** The forms in which connect takes an IPv4 peer. */
    enum Connecting {
        SOCK_ADDR, JAVA_NET, TEXT, MAPPED_TEXT;

        void connect(DatagramTransport port, SockAddr peer) throws IOException {
            switch (this) {
                case SOCK_ADDR -> port.connect(peer);
                case JAVA_NET -> port.connect(peer.toInetSocketAddress());
                case TEXT -> port.connect("127.0.0.1", peer.port());
                case MAPPED_TEXT -> port.connect("::ffff:127.0.0.1", peer.port());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIpv4PeerIsConnectedToInEveryForm(Connecting form) throws Exception {
        var protocol = new Talker();
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4); var other = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, PortSource.LISTENED, protocol);
            form.connect(port, peer.address());
            assertEquals(mapped(peer), port.peerAddress());
            port.write(bytes("a"));
            port.write(bytes("b"), peer.address());
            port.write(bytes("c"), mapped(peer));
            port.write(bytes("d"), peer.address().toInetSocketAddress());
            port.flush();
            assertEquals(List.of("a", "b", "c", "d"), peer.received());
            assertThrows(InvalidAddressException.class, () -> port.write(bytes("e"), other.address()));
            peer.send(Loopback.IPV4.address(port.localAddress().port()), bytes("f"));
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "f", mapped(peer).toString(), "stop"), protocol.events);
        }
    }

    @Test
    void theWildcardOfIpv4IsTheLoopbackPeer() throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, PortSource.LISTENED, new Recorder());
            port.connect("0.0.0.0", peer.address().port());
            assertEquals(mapped(peer), port.peerAddress());
            port.write(bytes("a"), SockAddr.of("0.0.0.0", peer.address().port()));
            port.flush();
            assertEquals("a", peer.receive());
        }
    }

    @Test
    void ipv4GroupsAndBroadcastsAreTaken() throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var port = open(reactor, PortSource.LISTENED, protocol);
            port.setBroadcastAllowed(true);
            assertTrue(port.write(bytes("everyone"), "<broadcast>", 9));
            port.joinGroup("239.1.2.3", "127.0.0.1");
            port.setOutgoingInterface("127.0.0.1");
            assertTrue(port.write(bytes("group"), "239.1.2.3", port.localAddress().port()));
            Loop.turns(reactor, 2);
            // Without a route to it the kernel refuses the broadcast. The port took it.
            protocol.events.removeIf(event -> event.startsWith("failed [::ffff:255.255.255.255]:9 8 ENETUNREACH"));
            assertEquals(List.of("start", "group", "stop"), protocol.events);
        }
    }

    @Test
    void thePathMtuOfAnIpv4DestinationIsThatOfItsMappedForm() throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
            var port = open(reactor, PortSource.LISTENED, new Recorder());
            assertEquals(port.pathMtu(mapped(peer)), port.pathMtu(peer.address()));
        }
    }

    /** Also with net.ipv6.bindv6only, which makes V6ONLY the default of a socket. */
    @Test
    void thePortServesBothFamiliesWhateverTheSysctlSays() throws Exception {
        try (var namespace = NetNamespace.open()) {
            namespace.sysctl("net/ipv6/bindv6only", 1);
            namespace.call(() -> {
                try (var reactor = Reactor.open(); var peer = Peer.open(Loopback.IPV4)) {
                    var port = open(reactor, PortSource.LISTENED, new Recorder());
                    assertTrue(port.write(bytes("a"), peer.address()));
                    port.flush();
                    assertEquals("a", peer.receive());
                }
                return null;
            });
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
