package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * stopListening stops receiving at once and closes the port in the next turn. Everything that was written is sent, and
 * it can be called again.
 */
@Tag("loopback")
class StopListeningTest {

    @ParameterizedTest
    @EnumSource
    void theRestOfTheBatchIsStillDelivered(Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                transport.write(datagram, datagram.source());
                transport.stopListening();
                events.add("after");
            }
        };
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            peer.send(port, "a", "b", "c");
            Loop.turns(reactor, 3);
            assertEquals(List.of("start", "a", "after", "b", "after", "c", "after", "stop"), protocol.events);
            assertEquals(List.of("a", "b", "c"), peer.receive(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsReceivedAfterAStop(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            port.stopListening();
            peer.send(port, "too late");
            Loop.turns(reactor, 3);
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    /**
     * Both ports are ready in the same poll. The one that is served first stops the other and opens a third one in its
     * place.
     */
    @ParameterizedTest
    @EnumSource
    void aPortStoppedByAnotherReceivesNothing(Loopback family) throws Exception {
        var ports = new ArrayList<DatagramTransport>();
        var received = new ArrayList<String>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            DatagramProtocol stopping = (datagram, transport) -> {
                received.add(Recorder.text(datagram));
                ports.get(transport == ports.getFirst() ? 1 : 0).stopListening();
                reactor.listenUdp(0, (d, t) -> received.add("mixed up"), family.options());
            };
            ports.add(reactor.listenUdp(0, stopping, family.options()));
            ports.add(reactor.listenUdp(0, stopping, family.options()));
            for (var port : ports) {
                peer.send(port, "hello");
            }
            Loop.turns(reactor, 3);
            assertEquals(List.of("hello"), received);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyStopReturnsTheSameFutureWhichCompletesAfterTheClose(Loopback family) throws Exception {
        var stages = new ArrayList<CompletionStage<Void>>();
        var numberWasFree = new boolean[1];
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            var number = port.localAddress().port();
            var thread = Thread.currentThread();
            stages.add(port.stopListening());
            stages.add(port.stopListening());
            assertFalse(stages.getFirst().toCompletableFuture().isDone());
            assertEquals(List.of("start"), protocol.events, "stopProtocol was called inside stopListening");
            stages.getFirst().thenRun(() -> {
                assertSame(thread, Thread.currentThread());
                protocol.events.add("completed");
                numberWasFree[0] = canListen(reactor, number, family);
            });
            Loop.turns(reactor, 2);
            stages.add(port.stopListening());
            assertEquals(List.of("start", "stop", "completed"), protocol.events);
            assertTrue(numberWasFree[0]);
        }
        stages.forEach(stage -> assertSame(stages.getFirst(), stage));
    }

    private static boolean canListen(Reactor reactor, int number, Loopback family) {
        try {
            reactor.listenUdp(number, new Recorder(), family.options());
            return true;
        } catch (CannotListenException e) {
            return false;
        }
    }

    /** Twisted's test_stopProtocolScheduling. */
    @ParameterizedTest
    @EnumSource
    void aStopInStartProtocolTakesEffectInTheNextTurn(Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void startProtocol(DatagramTransport transport) throws Exception {
                super.startProtocol(transport);
                transport.stopListening();
                events.add("after");
            }
        };
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            peer.send(port, "never heard");
            assertEquals(List.of("start", "after"), protocol.events);
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "after", "stop"), protocol.events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStopInStopProtocolCompletesWithTheFirst(Loopback family) throws Exception {
        var stages = new ArrayList<CompletionStage<Void>>();
        var ports = new ArrayList<DatagramTransport>();
        var protocol = new Recorder() {
            @Override
            public void stopProtocol(DatagramTransport transport) throws Exception {
                super.stopProtocol(transport);
                stages.add(ports.getFirst().stopListening());
            }
        };
        try (var reactor = Reactor.open()) {
            ports.add(reactor.listenUdp(0, protocol, family.options()));
            Loop.turns(reactor, 2);
        }
        assertEquals(List.of("start", "stop"), protocol.events);
        assertTrue(stages.getFirst().toCompletableFuture().isDone());
    }

    @ParameterizedTest
    @EnumSource
    void writesBeforeAndAfterAStopAreSent(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            port.write(new byte[]{'a'}, peer.address());
            var stopped = port.stopListening();
            port.write(new byte[]{'b'}, peer.address());
            stopped.thenRun(reactor::stop);
            Loop.run(reactor);
            assertEquals(List.of("a", "b"), peer.received());
            assertEquals(0, port.statistics().datagramsDropped());
            assertEquals(2, port.statistics().socket().datagramsSent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitingForTheEndOnTheLoopsOwnThreadThrows(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var stopped = port.stopListening().toCompletableFuture();
            assertThrows(IllegalStateException.class, stopped::get);
            assertThrows(IllegalStateException.class, () -> stopped.get(1, TimeUnit.SECONDS));
            assertThrows(IllegalStateException.class, stopped::join);
            Loop.turns(reactor, 2);
            assertNull(stopped.get());
        }
    }
}
