package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.ShutDown;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an adopted port does to its socket, and what other owners of the socket do to the port. */
@Tag("loopback")
class SharedSocketTest {

    private static final class Refused extends Recorder {
        int refusals;

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refusals++;
        }
    }

    private static SockAddr deserted(Loopback family) throws IOException {
        try (var gone = Peer.open(family)) {
            return gone.address();
        }
    }

    private static boolean recverr(Loopback family, UdpSocket socket) throws IOException {
        return socket.get(family == Loopback.IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR);
    }

    /** The first port enables the error queue, and disables it when it closes. */
    @ParameterizedTest
    @EnumSource
    void refusalsReachTheSecondPortAfterTheFirstHasClosed(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family)) {
            parents.connect(deserted(family));
            var first = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            var protocol = new Refused();
            var second = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            Loop.phases(reactor, () -> first.stopListening(), () -> {}, () -> {
                assertFalse(recverr(family, parents), "restored by the first port");
                second.write(new byte[1]);
            }, () -> {}, () -> {}, () -> assertTrue(protocol.refusals > 0, "reported by the errno"), () -> {
                assertTrue(recverr(family, parents), "the error queue is on again");
                protocol.refusals = 0;
                second.write(new byte[1]);
            }, () -> {}, () -> {}, () -> assertTrue(protocol.refusals > 0, "reported by the error queue"));
            assertFalse(recverr(family, parents), "restored by the second port");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePeerOfTheSocketIsRestoredOnClose(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var peer = Peer.open(family); var other = Peer.open(family)) {
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).connect(other.address());
            }
            assertNull(parents.peerAddress());
            assertFalse(recverr(family, parents));
            parents.connect(peer.address());
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).connect(other.address());
            }
            assertEquals(peer.address(), parents.peerAddress());
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).disconnect();
            }
            assertEquals(peer.address(), parents.peerAddress());
        }
    }

    private static final class Heard extends Recorder {
        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            super.datagramReceived(datagram, transport);
            transport.write(datagram, datagram.source());
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            events.add("refused by " + destination);
        }
    }

    /** The kernel lets only the peer's datagrams through, so it knows better whose they are. */
    @ParameterizedTest
    @EnumSource
    void thePeerThatAnotherOwnerHasChosenIsHeardAndAnswered(Loopback family) throws Exception {
        var protocol = new Heard();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var first = Peer.open(family);
                var second = Peer.open(family)) {
            parents.connect(first.address());
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            parents.disconnect();
            parents.connect(second.address());
            second.send(port, "a", "b");
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
            assertEquals(List.of("a", "b"), second.received());
            assertEquals(List.of(), first.received());
            assertEquals(0, port.statistics().datagramsFromStrangers());
            assertEquals(second.address(), port.peerAddress());
            assertEquals(second.address(), parents.peerAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesAreForThePeerThatAnotherOwnerHasChosen(Loopback family) throws Exception {
        var protocol = new Heard();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var first = Peer.open(family);
                var second = Peer.open(family)) {
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            parents.connect(first.address());
            assertTrue(port.write(new byte[]{'a'}));
            port.flush();
            parents.connect(second.address());
            assertTrue(port.write(new byte[]{'b'}, second.address()));
            assertTrue(port.write(new byte[]{'c'}));
            var refused = assertThrows(InvalidAddressException.class,
                    () -> port.write(new byte[]{'d'}, first.address()));
            assertEquals("write() to " + first.address() + " on a port that is connected to " + second.address(),
                    refused.getMessage());
            port.flush();
            parents.disconnect();
            assertTrue(port.write(new byte[]{'e'}, first.address()));
            port.flush();
            assertThrows(IllegalStateException.class, () -> port.write(new byte[]{'f'}));
            assertEquals(List.of("a", "e"), first.received());
            assertEquals(List.of("b", "c"), second.received());
            assertNull(port.peerAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyoneIsHeardOnceAnotherOwnerHasDisconnectedTheSocket(Loopback family) throws Exception {
        var protocol = new Heard();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var peer = Peer.open(family);
                var other = Peer.open(family)) {
            parents.connect(peer.address());
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            parents.disconnect();
            if (family == Loopback.IPV4) { // an IPv6 socket hears nobody else: udpv6 keeps the peer in the lookup
                other.send(port, "other");
                Loop.turns(reactor, 2);
                assertEquals(List.of("start", "other", "stop"), protocol.events);
                assertEquals(List.of("other"), other.received());
            }
            assertNull(port.peerAddress());
            assertFalse(recverr(family, parents));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusalsOfThePeerThatAnotherOwnerHasChosenAreReported(Loopback family) throws Exception {
        var protocol = new Heard();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var peer = Peer.open(family)) {
            parents.connect(peer.address());
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            var gone = deserted(family);
            Loop.phases(reactor, () -> {
                assertTrue(port.write(new byte[1]));
                parents.connect(gone);
            }, () -> {}, () -> {});
            assertEquals(List.of("start", "refused by " + gone, "stop"), protocol.events);
        }
    }

    /** What another owner has chosen since is its own. */
    @ParameterizedTest
    @EnumSource
    void thePeerOfAnotherOwnerStaysOnClose(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family);
                var peer = Peer.open(family);
                var mine = Peer.open(family);
                var theirs = Peer.open(family)) {
            parents.connect(peer.address());
            try (var reactor = Reactor.open()) {
                var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
                port.connect(mine.address());
                parents.connect(theirs.address());
            }
            assertEquals(theirs.address(), parents.peerAddress());
        }
    }

    /** Received datagrams have no flow label, so it can't be a part of the peer's identity. */
    @Test
    void thePeerOfASocketThatIsConnectedWithAFlowLabelIsHeard() throws Exception {
        var protocol = new Heard();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(Loopback.IPV6);
                var peer = Peer.open(Loopback.IPV6)) {
            parents.set(Ipv6Options.FLOWINFO_SEND, true);
            parents.connect(peer.address().withFlowLabel(0x12345));
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            peer.send(port, "hello");
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "hello", "stop"), protocol.events);
            assertEquals(List.of("hello"), peer.received());
            assertEquals(0, port.statistics().datagramsFromStrangers());
        }
    }

    /** epoll reports a socket that is shut down in every poll. What had arrived is received. */
    @ParameterizedTest
    @CsvSource({"IPV4, 0", "IPV4, 2", "IPV6, 0", "IPV6, 2"})
    void aSocketShutDownByAnotherOwnerEndsItsPort(Loopback family, int how) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var peer = Peer.open(family);
                var log = CapturedLog.open(Level.WARNING)) {
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            reactor.callLater(Duration.ofMillis(10), () -> {
                peer.send(port, "a");
                ShutDown.socket(parents.descriptor(), how);
            });
            reactor.callLater(Duration.ofMillis(200), () -> {
                assertEquals(List.of("start", "a", "stop"), protocol.events);
                reactor.stop();
            });
            Loop.run(reactor);
            var calls = port.statistics().socket().receiveCalls();
            assertTrue(calls < 10, calls + " receive calls");
            assertEquals(1, log.messages().size(), log.messages()::toString);
            assertTrue(log.messages().getFirst().matches(
                    "Recorder on .* ends: receive after another holder of the socket has shut it down: ESHUTDOWN.*"),
                    log.messages()::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLogPrefixThatThrowsLeavesNothingBehind(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            parents.connect(peer.address());
            var protocol = new Recorder() {
                @Override
                public String logPrefix() {
                    throw new IllegalStateException("no name");
                }
            };
            assertThrows(IllegalStateException.class, () -> reactor.adoptDatagramPort(parents.descriptor(), protocol));
            assertFalse(recverr(family, parents));
            assertEquals(List.of(), protocol.events);
        }
    }
}
