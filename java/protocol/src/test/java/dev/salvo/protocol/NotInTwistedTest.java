package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;

/**
 * Cases that Twisted does not test and mostly handles differently, over created and adopted ports. ConnectedTest covers
 * an exception in connectionRefused and a connect after one that failed; TwistedAdoptTest covers descriptors of every
 * kind.
 */
@Tag("loopback")
class NotInTwistedTest {

    /** Twisted drops the rest silently. */
    @EveryWay
    void aTruncatedDatagramIsMarked(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                events.add(text(datagram) + (datagram.truncated() ? "..." : ""));
            }
        };
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol, PortOptions.defaults().withMaxPacketSize(4));
            peer.send(port, "abcdef", "abcd", "", "abc");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "abcd...", "abcd", "", "abc", "stop"), protocol.events);
            assertEquals(1, port.statistics().socket().datagramsTruncated());
        }
    }

    @EveryWay
    void aDatagramTruncatedToZeroBytesIsDeliveredEmpty(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol, PortOptions.defaults().withMaxPacketSize(0));
            peer.send(port, "abc", "");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "", "", "stop"), protocol.events);
            assertEquals(1, port.statistics().socket().datagramsTruncated());
        }
    }

    /** A flood of empty datagrams does not end a turn of Twisted's, because they add nothing to its byte count. */
    @EveryWay
    void emptyDatagramsAreReceivedAndSent(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                transport.write(datagram, datagram.source());
            }
        };
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            peer.send(port, "", "a", "", "");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "", "a", "", "", "stop"), protocol.events);
            assertEquals(List.of("", "a", "", ""), peer.received());
        }
    }

    /** In Twisted the Deferred of the first of two calls never fires. */
    @EveryWay
    void aSecondStopReturnsTheSameStage(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder();
        var stages = new ArrayList<CompletionStage<Void>>();
        try (var log = CapturedLog.open(); var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol);
            Loop.phases(
                    reactor,
                    () -> {
                        stages.add(port.stopListening());
                        stages.add(port.stopListening());
                        assertFalse(stages.getFirst().toCompletableFuture().isDone());
                    },
                    () -> stages.add(port.stopListening()));
            assertSame(stages.get(0), stages.get(1));
            assertSame(stages.get(0), stages.get(2));
            assertTrue(stages.getFirst().toCompletableFuture().isDone());
            assertEquals(List.of("start", "stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }

    @EveryWay
    void theRestOfTheBatchIsDeliveredAfterAStop(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                transport.stopListening();
            }
        };
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            peer.send(port, "a", "b", "c", "d");
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "a", "b", "c", "d", "stop"), protocol.events);
        }
    }

    /** Twisted keeps the socket open until it is garbage-collected, and the protocol can never be used again. */
    @EveryWay
    void aStartProtocolThatThrowsLeavesNothingBehind(PortSource source, Loopback family) throws Exception {
        var transports = new ArrayList<DatagramTransport>();
        var thrown = new UncheckedIOException(new IOException("not today"));
        var protocol = new Recorder() {
            @Override
            public void startProtocol(DatagramTransport transport) throws Exception {
                super.startProtocol(transport);
                transports.add(transport);
                if (transports.size() == 1) {
                    throw thrown;
                }
            }
        };
        try (var reactor = Reactor.open()) {
            assertSame(thrown, assertThrows(UncheckedIOException.class, () -> source.open(reactor, family, protocol)));
            var failed = transports.getFirst();
            assertThrows(IllegalStateException.class, () -> failed.write(new byte[1], family.address(9)));
            reactor.listenUdp(failed.localAddress().port(), protocol, family.options());
            assertEquals(List.of("start", "start"), protocol.events);
        }
        assertEquals(List.of("start", "start", "stop"), protocol.events);
    }

    /** In Twisted the Deferred then never fires, and the socket stays open. */
    @EveryWay
    void aStopProtocolThatThrowsIsLoggedAndThePortClosed(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void stopProtocol(DatagramTransport transport) throws Exception {
                super.stopProtocol(transport);
                throw new IOException("no end");
            }
        };
        try (var log = CapturedLog.open(); var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol);
            var stopped = port.stopListening();
            Loop.turns(reactor, 2);
            assertTrue(stopped.toCompletableFuture().isDone());
            try (var next = Peer.open(port.localAddress())) {
                assertEquals(port.localAddress(), next.address());
            }
            assertEquals(1, log.lines().size(), log.lines()::toString);
            assertTrue(log.lines().getFirst().contains("no end"), log.lines()::toString);
        }
    }
}
