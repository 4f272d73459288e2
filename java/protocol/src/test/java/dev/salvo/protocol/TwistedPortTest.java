package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.net.InetAddress;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;

/** Twisted's internet/test/test_udp: UDPServerTestsBuilder and UDPFDServerTestsBuilder in one, under their names. */
@Tag("loopback")
class TwistedPortTest {

    private static final class CrazyProtocol extends Recorder {
        @Override
        public String logPrefix() {
            return "Crazy Protocol";
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            throw new IllegalStateException("crazy");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @EveryWay
    void testStartedListeningLogMessage(PortSource source, Loopback family) throws Exception {
        try (var log = CapturedLog.open(Level.FINE); var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new CrazyProtocol());
            assertEquals(List.of("Crazy Protocol starting on " + port.localAddress().port()), log.messages());
        }
    }

    @EveryWay
    void testConnectionLostLogMessage(PortSource source, Loopback family) throws Exception {
        try (var log = CapturedLog.open(Level.FINE); var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new CrazyProtocol());
            port.stopListening().thenRun(reactor::stop);
            assertEquals(1, log.messages().size(), "logged before the port was closed");
            Loop.run(reactor);
            assertEquals("(UDP Port " + port.localAddress().port() + " Closed)", log.messages().getLast());
            assertEquals(2, log.messages().size());
        }
    }

    @EveryWay
    void testStopProtocolScheduling(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void startProtocol(DatagramTransport transport) throws Exception {
                super.startProtocol(transport);
                transport.stopListening();
                events.add("started");
            }
        };
        try (var reactor = Reactor.open()) {
            source.open(reactor, family, protocol);
            assertEquals(List.of("start", "started"), protocol.events);
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "started", "stop"), protocol.events);
        }
    }

    /** Also covers testGetHostIPv6. */
    @EveryWay
    void testGetHost(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var address = source.open(reactor, family, new Recorder()).localAddress();
            assertEquals(family == Loopback.IPV6, address.isIpv6());
            assertTrue(address.port() > 0);
            assertEquals(family.address(address.port()), address);
            assertEquals(
                    InetAddress.ofLiteral(family.literal), address.toInetSocketAddress().getAddress());
        }
    }

    @EveryWay
    void testInvalidInterface(PortSource source, Loopback family) throws Exception {
        var elsewhere = PortOptions.defaults().withInterface("example.com");
        try (var reactor = Reactor.open(); var bound = PortSource.bound(family)) {
            if (source == PortSource.LISTENED) {
                assertThrows(InvalidAddressException.class, () -> reactor.listenUdp(0, new Recorder(), elsewhere));
            } else {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> reactor.adoptDatagramPort(bound.descriptor(), new Recorder(), elsewhere));
            }
        }
    }

    @EveryWay
    void testLogPrefix(PortSource source, Loopback family) throws Exception {
        try (var log = CapturedLog.open(); var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, new CrazyProtocol());
            peer.send(port, "some datagram");
            Loop.turns(reactor, 1);
            assertEquals(
                    List.of("datagramReceived of Crazy Protocol (UDP) on " + port.localAddress()
                            + ": java.lang.IllegalStateException: crazy"),
                    log.lines());
        }
    }

    @EveryWay
    void testWriteSequence(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            var parts = List.of(bytes("some"), bytes(""), bytes("bytes"), bytes("to"), bytes("write"));
            assertTrue(port.writeSequence(parts, peer.address()));
            Loop.turns(reactor, 1);
            assertEquals(List.of("somebytestowrite"), peer.received());
        }
    }

    /** Also covers testRepr and PortStringificationTests.testUDP: an object has one string here. */
    @EveryWay
    void testStr(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new CrazyProtocol());
            assertEquals("Crazy Protocol on " + port.localAddress().port(), port.toString());
            Loop.phases(reactor, port::stopListening, () -> {});
            assertEquals("Crazy Protocol not connected", port.toString());
        }
    }

    /** Twisted's test covers IPv6 only. Here the source is checked too: it is the port that wrote. */
    @EveryWay
    void testWriteToIPv6Interface(PortSource source, Loopback family) throws Exception {
        checkWrite(source, family, false);
    }

    @EveryWay
    void testConnectedWriteToIPv6Interface(PortSource source, Loopback family) throws Exception {
        checkWrite(source, family, true);
    }

    private static void checkWrite(PortSource source, Loopback family, boolean connected) throws Exception {
        var server = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                events.add(datagram.source().toString());
            }
        };
        try (var reactor = Reactor.open()) {
            var serving = source.open(reactor, family, server);
            var client = source.open(reactor, family, new Recorder());
            var to = serving.localAddress().port();
            if (connected) {
                client.connect(family.literal, to);
                client.write(bytes("spam"));
            } else {
                client.write(bytes("spam"), family.literal, to);
            }
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "spam", client.localAddress().toString(), "stop"), server.events);
        }
    }

    @EveryWay
    void testWritingToHostnameRaisesInvalidAddressError(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new Recorder());
            var refused = assertThrows(
                    InvalidAddressException.class, () -> port.write(bytes("spam"), "example.invalid", 1));
            assertEquals(
                    "write() only accepts IP addresses, not hostnames: 'example.invalid'", refused.getMessage());
        }
    }

    /** testWritingToIPv6OnIPv4RaisesInvalidAddressError and testWritingToIPv4OnIPv6RaisesInvalidAddressError. */
    @EveryWay
    void testWritingToTheOtherFamilyRaisesInvalidAddressError(PortSource source, Loopback family)
            throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new Recorder());
            var refused = assertThrows(
                    InvalidAddressException.class, () -> port.write(bytes("spam"), family.other().literal, 1));
            var expected = family == Loopback.IPV4
                    ? "IPv4 port write() called with IPv6 address "
                    : "IPv6 port write() called with IPv4 address ";
            assertEquals(expected + family.other().address(1), refused.getMessage());
        }
    }

    @EveryWay
    void testConnectingToHostnameRaisesInvalidAddressError(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new Recorder());
            var refused = assertThrows(InvalidAddressException.class, () -> port.connect("example.invalid", 1));
            assertEquals("'example.invalid' is not an IPv4 or IPv6 address", refused.getMessage());
        }
    }
}
