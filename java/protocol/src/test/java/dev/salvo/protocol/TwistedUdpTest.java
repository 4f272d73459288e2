package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Twisted's test_udp.UDPTests and ReactorShutdownInteractionTests, under their names. */
@Tag("loopback")
class TwistedUdpTest {

    /** Records the sources, and counts the refusals. */
    private static final class Mixin extends Recorder {
        final List<SockAddr> sources = new ArrayList<>();
        int refused;

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            super.datagramReceived(datagram, transport);
            sources.add(datagram.source().copy());
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refused++;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static SockAddr dead(Loopback family) throws IOException {
        try (var gone = Peer.open(family)) {
            return gone.address();
        }
    }

    @EveryWay
    void testStartStop(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol);
            assertEquals(List.of("start"), protocol.events);
            port.stopListening().thenRun(reactor::stop);
            assertEquals(List.of("start"), protocol.events);
            Loop.run(reactor);
            assertEquals(List.of("start", "stop"), protocol.events);
        }
        assertEquals(List.of("start", "stop"), protocol.events);
    }

    @EveryWay
    void testRebind(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var first = source.open(reactor, family, protocol);
            Loop.phases(reactor, first::stopListening, () -> source.open(reactor, family, protocol));
            assertEquals(List.of("start", "stop", "start", "stop"), protocol.events);
        }
    }

    @EveryWay
    void testBindError(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder();
        var transports = new ArrayList<DatagramTransport>();
        var first = new Recorder() {
            @Override
            public void startProtocol(DatagramTransport transport) {
                transports.add(transport);
            }
        };
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, first);
            assertEquals(port.localAddress(), transports.getFirst().localAddress());
            var number = port.localAddress().port();
            var refused = assertThrows(
                    CannotListenException.class, () -> reactor.listenUdp(number, protocol, family.options()));
            assertEquals(
                    Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, refused.getCause()).errno());
        }
        assertEquals(List.of(), protocol.events);
    }

    @EveryWay
    void testSendPackets(PortSource source, Loopback family) throws Exception {
        var server = new Mixin();
        var client = new Mixin();
        try (var reactor = Reactor.open()) {
            var serving = source.open(reactor, family, server);
            var port = source.open(reactor, family, client);
            var serverAddress = serving.localAddress();
            port.connect(serverAddress);
            var clientAddress = port.localAddress();
            Loop.phases(
                    reactor,
                    () -> {
                        serving.write(bytes("hello"), clientAddress);
                        port.write(bytes("a"));
                        port.write(bytes("b"), serverAddress);
                        port.write(bytes("c"), family.literal, serverAddress.port());
                    },
                    () -> {});
            assertEquals(List.of("start", "a", "b", "c", "stop"), server.events);
            assertEquals(List.of(clientAddress, clientAddress, clientAddress), server.sources);
            assertEquals(List.of("start", "hello", "stop"), client.events);
            assertEquals(List.of(serverAddress), client.sources);
        }
    }

    /** An unconnected port is not notified of the refusal, and continues to work. */
    @EveryWay
    void testConnectionRefused(PortSource source, Loopback family) throws Exception {
        var client = new Mixin();
        var server = new Mixin();
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, client);
            var serving = source.open(reactor, family, server);
            port.connect(dead);
            Loop.phases(
                    reactor,
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            port.write(bytes(Integer.toString(i)));
                            serving.write(bytes(Integer.toString(i)), dead);
                        }
                    },
                    () -> {},
                    () -> {});
            assertTrue(client.refused > 0, "the connected port is refused");
            assertEquals(0, server.refused);
            assertEquals(List.of("start", "stop"), client.events);
            assertEquals(List.of("start", "stop"), server.events);
        }
    }

    @EveryWay
    void testServerReadFailure(PortSource source, Loopback family) throws Exception {
        var server = new Mixin();
        var dead = dead(family);
        try (var reactor = Reactor.open(); var log = CapturedLog.open(); var peer = Peer.open(family)) {
            var serving = source.open(reactor, family, server);
            Loop.phases(
                    reactor,
                    () -> {
                        serving.write(bytes("write to nowhere"), dead);
                        serving.flush();
                    },
                    () -> peer.send(serving, "the next packet"),
                    () -> {});
            assertEquals(List.of("start", "the next packet", "stop"), server.events);
            assertEquals(List.of(), log.lines());
        }
    }

    /** A second connect is no error here: it changes the peer. */
    @EveryWay
    void testBadConnect(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var one = Peer.open(family); var two = Peer.open(family)) {
            var port = source.open(reactor, family, new Recorder());
            assertThrows(InvalidAddressException.class, () -> port.connect("localhost", 80));
            assertNull(port.peerAddress());
            port.connect(family.literal, one.address().port());
            port.write(bytes("to one"));
            port.connect(family.literal, two.address().port());
            port.write(bytes("to two"));
            Loop.turns(reactor, 1);
            assertEquals(List.of("to one"), one.received());
            assertEquals(List.of("to two"), two.received());
        }
    }

    @EveryWay
    void testDatagramReceivedError(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                if (events.size() <= 3) {
                    throw new IllegalStateException("bad " + text(datagram));
                }
            }
        };
        try (var reactor = Reactor.open(); var log = CapturedLog.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            Loop.phases(reactor, () -> peer.send(port, "a", "b"), () -> peer.send(port, "c"));
            assertEquals(List.of("start", "a", "b", "c", "stop"), protocol.events);
            assertEquals(2, log.lines().size(), log.lines()::toString);
            assertEquals(2, port.statistics().callbackFailures());
        }
    }

    /** Twisted's protocol closes its transport in the callback, and the receive loop has to notice. */
    @EveryWay
    void testShutdownFromDatagramReceived(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                // There is always another datagram to receive.
                transport.write(datagram, transport.localAddress());
                transport.flush();
                transport.stopListening();
            }
        };
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            // As many as one receive call returns, so that another call would be made.
            peer.send(port, "x".repeat(64).split(""));
            Loop.turns(reactor, 3);
            assertEquals(66, protocol.events.size());
            assertEquals("stop", protocol.events.getLast());
        }
    }
}
