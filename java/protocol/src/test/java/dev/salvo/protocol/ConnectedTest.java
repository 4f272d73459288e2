package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A connected port sends only to its peer, receives only from it, and reports its refusals. */
@Tag("loopback")
class ConnectedTest {

    private static final String WAYS = """
            LISTENED, IPV4
            LISTENED, IPV6
            ADOPTED, IPV4
            ADOPTED, IPV6
            """;

    /** Counts the refusals. */
    private static final class Refused extends Recorder {
        int refusals;

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refusals++;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void writesGoToThePeerWithAndWithoutItsAddress(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            port.connect(peer.address());
            assertEquals(peer.address(), port.peerAddress());
            assertTrue(port.write(bytes("a")));
            assertTrue(port.write(bytes("b"), peer.address()));
            assertTrue(port.write(bytes("c"), family.literal, peer.address().port()));
            Loop.turns(reactor, 1);
            assertEquals(List.of("a", "b", "c"), peer.received());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void anotherDestinationIsRefused(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var other = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            assertThrows(IllegalStateException.class, () -> port.write(bytes("nowhere")));
            port.connect(peer.address());
            assertThrows(InvalidAddressException.class, () -> port.write(bytes("x"), other.address()));
            assertThrows(InvalidAddressException.class, () -> port.connect(family.other().address(1)));
            assertThrows(InvalidAddressException.class, () -> port.connect("localhost", 1));
            assertThrows(InvalidAddressException.class, () -> port.connect("<broadcast>", 1));
            assertEquals(peer.address(), port.peerAddress());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void datagramsFromStrangersBeforeConnectAreNotDelivered(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var stranger = Peer.open(family)) {
            var recorder = new Recorder();
            var port = source.open(reactor, family, recorder);
            stranger.send(port, "stranger", "again");
            peer.send(port, "peer");
            port.connect(peer.address());
            stranger.send(port, "too late");
            peer.send(port, "peer again");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "peer", "peer again", "stop"), recorder.events);
            assertEquals(2, port.statistics().datagramsFromStrangers());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void aConnectInACallbackFiltersTheRestOfTheBatch(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var stranger = Peer.open(family)) {
            var recorder = new Recorder() {
                @Override
                public void datagramReceived(Datagram datagram, DatagramTransport transport)
                        throws Exception {
                    super.datagramReceived(datagram, transport);
                    transport.connect(peer.address());
                }
            };
            var port = source.open(reactor, family, recorder);
            peer.send(port, "1");
            stranger.send(port, "2");
            peer.send(port, "3");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "1", "3", "stop"), recorder.events);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void aThousandWritesToADeadPortAreRefusedAndALaterServerAnswers(PortSource source, Loopback family)
            throws Exception {
        var refused = new Refused();
        try (var reactor = Reactor.open()) {
            SockAddr dead;
            try (var gone = Peer.open(family)) {
                dead = gone.address();
            }
            var port = source.open(reactor, family, refused);
            port.connect(dead);
            for (int i = 0; i < 1000; i++) {
                assertTrue(port.write(bytes("hello?")));
            }
            assertEquals(0, refused.refusals, "refused inside write");
            Loop.phases(reactor, () -> {}, () -> {}, () -> {
                assertTrue(refused.refusals > 0, "refused");
                try (var appeared = Peer.open(dead)) {
                    port.write(bytes("now?"));
                    port.flush();
                    assertEquals("now?", appeared.receive());
                    appeared.send(port, "yes");
                }
            }, () -> {});
            assertEquals(List.of("start", "yes", "stop"), refused.events);
            assertEquals(0, port.statistics().callbackFailures());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void withoutCoalescingEveryWriteIsRefusedSeparately(PortSource source, Loopback family) throws Exception {
        var refused = new Refused();
        try (var reactor = Reactor.open()) {
            SockAddr dead;
            try (var gone = Peer.open(family)) {
                dead = gone.address();
            }
            var port = source.open(reactor, family, refused, PortOptions.defaults().withCoalescing(false));
            port.connect(dead);
            for (int i = 0; i < 5; i++) {
                port.write(bytes("hello?"));
            }
            Loop.turns(reactor, 2);
            assertEquals(5, refused.refusals);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void errorsOfAFormerPeerAreIgnored(PortSource source, Loopback family) throws Exception {
        var refused = new Refused();
        try (var reactor = Reactor.open(); var alive = Peer.open(family)) {
            SockAddr dead;
            try (var gone = Peer.open(family)) {
                dead = gone.address();
            }
            var port = source.open(reactor, family, refused);
            port.connect(dead);
            port.write(bytes("hello?"));
            port.flush();
            port.connect(alive.address());
            port.write(bytes("hello"));
            Loop.turns(reactor, 2);
            assertEquals(0, refused.refusals);
            assertEquals(List.of("hello"), alive.received());
        }
    }

    @Test
    void aDisconnectedIpv6PortSaysOnceThatItIsDeaf() throws Exception {
        try (var reactor = Reactor.open();
                var log = CapturedLog.open(Level.WARNING);
                var peer = Peer.open(Loopback.IPV6)) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV6.options());
            for (int i = 0; i < 2; i++) {
                port.connect(peer.address());
                port.disconnect();
            }
            assertEquals(
                    List.of(port.localAddress() + ": disconnected, but Linux goes on receiving IPv6 datagrams from the"
                            + " former peer " + peer.address() + " alone; to hear others, stop the port and listen"
                            + " anew"),
                    log.messages());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void aDisconnectedPortKeepsItsNumberAndReceivesFromAll(PortSource source, Loopback family) throws Exception {
        var recorder = new Recorder();
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var other = Peer.open(family)) {
            var port = source.open(reactor, family, recorder);
            var local = port.localAddress();
            port.connect(peer.address());
            port.write(bytes("to the peer"));
            port.disconnect();
            assertNull(port.peerAddress());
            assertEquals(local, port.localAddress());
            port.disconnect();
            other.send(port, "from another");
            port.write(bytes("to another"), other.address());
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "from another", "stop"), recorder.events);
            assertEquals(List.of("to the peer"), peer.received());
            assertEquals(List.of("to another"), other.received());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void anExceptionInConnectionRefusedIsLoggedAndThePortStaysOpen(PortSource source, Loopback family)
            throws Exception {
        var protocol = new Recorder() {
            @Override
            public void connectionRefused(SockAddr destination, DatagramTransport transport) {
                throw new IllegalStateException("refusing the refusal");
            }
        };
        try (var reactor = Reactor.open(); var log = CapturedLog.open(); var peer = Peer.open(family)) {
            SockAddr dead;
            try (var gone = Peer.open(family)) {
                dead = gone.address();
            }
            var port = source.open(reactor, family, protocol);
            port.connect(dead);
            port.write(bytes("hello?"));
            Loop.phases(reactor, () -> {}, () -> {}, () -> {
                port.connect(peer.address());
                peer.send(port, "still here");
            });
            assertEquals(List.of("start", "still here", "stop"), protocol.events);
            assertEquals(1, port.statistics().callbackFailures());
            assertTrue(log.lines().getFirst().contains("refusing the refusal"), log.lines()::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void aConnectThatFailsLeavesThePortAsItWas(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            // Broadcast is not allowed; IPv6 has none, but a link-local address needs a scope.
            var impossible = family == Loopback.IPV4 ? SockAddr.broadcast(9) : SockAddr.of("fe80::1", 9);
            assertThrows(IOException.class, () -> port.connect(impossible));
            assertNull(port.peerAddress());
            port.connect(peer.address());
            assertThrows(IOException.class, () -> port.connect(impossible));
            assertEquals(peer.address(), assertNotNullPeer(port));
            port.write(bytes("still yours"));
            Loop.turns(reactor, 1);
            assertEquals(List.of("still yours"), peer.received());
        }
    }

    private static SockAddr assertNotNullPeer(DatagramTransport port) {
        var peer = port.peerAddress();
        assertNotNull(peer);
        return peer;
    }

    /**
     * Otherwise the kernel would keep the local address of the first connect, and 127.0.0.1 cannot send to another
     * host.
     */
    @Tag("netns")
    @ParameterizedTest
    @EnumSource
    void aReconnectedWildcardPortHasTheAddressOfTheNewRoute(Loopback family) throws Exception {
        try (var net = NetNamespace.open(); var far = NetNamespace.open()) {
            var ipv4 = family == Loopback.IPV4;
            NetNamespace.connect(net, ipv4 ? "10.9.0.1/24" : "fd09::1/64", far, ipv4 ? "10.9.0.2/24" : "fd09::2/64",
                    1500);
            net.call(() -> {
                try (var reactor = Reactor.open()) {
                    var any = PortOptions.defaults().withInterface(ipv4 ? "" : "::");
                    var port = reactor.listenUdp(0, new Recorder(), any);
                    var number = port.localAddress().port();
                    port.connect(family.literal, 9);
                    assertEquals(SockAddr.of(family.literal, number), port.localAddress());
                    port.connect(ipv4 ? "10.9.0.2" : "fd09::2", 9);
                    assertEquals(SockAddr.of(ipv4 ? "10.9.0.1" : "fd09::1", number), port.localAddress());
                    port.disconnect();
                    assertEquals(SockAddr.of(ipv4 ? "0.0.0.0" : "::", number), port.localAddress());
                }
                return null;
            });
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = WAYS)
    void anInetSocketAddressIsAcceptedAsPeer(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            var unresolved = InetSocketAddress.createUnresolved("localhost", 9);
            assertThrows(IllegalArgumentException.class, () -> port.connect(unresolved));
            assertNull(port.peerAddress());
            port.connect(peer.address().toInetSocketAddress());
            assertEquals(peer.address(), port.peerAddress());
            port.write(bytes("a"));
            port.flush();
            assertEquals(List.of("a"), peer.received());
        }
    }
}
