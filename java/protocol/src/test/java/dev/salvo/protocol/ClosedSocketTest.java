package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Only the port may close its socket. A protocol that closes it ends its port alone. */
@Tag("loopback")
class ClosedSocketTest {

    /** Answers a datagram, closes the socket as a try-with-resources statement would, and answers again. */
    private static final class Closing extends Recorder {

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            super.datagramReceived(datagram, transport);
            try (var socket = transport.socket()) {
                assertTrue(socket.descriptor() > 0);
            }
            transport.write(datagram, datagram.source());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOtherPortsGoOn(Loopback family) throws Exception {
        var closing = new Closing();
        var other = new Recorder();
        try (var log = CapturedLog.open();
                var peer = Peer.open(family);
                var reactor = Reactor.open()) {
            var bad = reactor.listenUdp(0, closing, family.options());
            var good = reactor.listenUdp(0, other, family.options());
            Loop.phases(
                    reactor,
                    () -> peer.send(bad, "close it"),
                    () -> {},
                    () -> {
                        peer.send(good, "a");
                        good.write(new byte[]{'b'}, peer.address());
                    },
                    () -> {},
                    () -> {
                        assertEquals(List.of("start", "close it", "stop"), closing.events);
                        assertEquals(List.of("start", "a"), other.events);
                        assertEquals(List.of("b"), peer.received());
                        assertThrows(IllegalStateException.class, () -> bad.write(new byte[1], peer.address()));
                        assertEquals(1, bad.statistics().datagramsDropped());
                    });
            assertEquals(1, log.lines().size(), log.lines()::toString);
            assertTrue(log.messages().getFirst().startsWith("Closing on " + bad.localAddress() + " ends: "),
                    log.lines()::toString);
        }
        assertEquals(List.of("start", "a", "stop"), other.events);
    }

    /** The port has something to send, and is in the list of ports whose turn is to be ended. */
    @ParameterizedTest
    @EnumSource
    void aCallThatClosesASocketEndsItsPortAlone(Loopback family) throws Exception {
        var other = new Recorder();
        var protocol = new Recorder();
        try (var log = CapturedLog.open();
                var peer = Peer.open(family);
                var reactor = Reactor.open()) {
            var bad = reactor.listenUdp(0, protocol, family.options());
            var good = reactor.listenUdp(0, other, family.options());
            reactor.callLater(Duration.ZERO, () -> {
                bad.write(new byte[1], peer.address());
                bad.socket().close();
                good.write(new byte[]{'b'}, peer.address());
            });
            Loop.turns(reactor, 5);
            assertEquals(List.of("b"), peer.received());
            assertEquals(List.of("start", "stop"), protocol.events);
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopListeningOfAClosedSocketCompletes(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var log = CapturedLog.open(); var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            port.socket().close();
            port.stopListening().thenRun(reactor::stop);
            Loop.run(reactor);
            assertEquals(List.of("start", "stop"), protocol.events);
            assertTrue(log.lines().size() <= 1, log.lines()::toString);
        }
    }
}
