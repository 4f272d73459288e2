package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Twisted's test_startStop and test_rebind: startProtocol is called once, before the first datagram, and stopProtocol
 * once, after the last.
 */
@Tag("loopback")
class StartStopProtocolTest {

    @ParameterizedTest
    @EnumSource
    void startAndStopAreCalledOnceAroundTheDatagrams(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            assertEquals(List.of("start"), protocol.events);
            peer.send(port, "a", "b");
            Loop.turns(reactor, 1);
            assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
        }
        assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
    }

    @ParameterizedTest
    @EnumSource
    void closingAReactorThatNeverRanStopsThePort(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, protocol, family.options());
        }
        assertEquals(List.of("start", "stop"), protocol.events);
    }

    @ParameterizedTest
    @EnumSource
    void thePortIsReadyInStartProtocol(Loopback family) throws Exception {
        var addresses = new ArrayList<String>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var protocol = new Recorder() {
                @Override
                public void startProtocol(DatagramTransport transport) {
                    addresses.add(transport.localAddress().toString());
                    assertTrue(transport.localAddress().port() > 0);
                    transport.write(new byte[]{'a'}, peer.address());
                    transport.write(new byte[]{'b'}, peer.address());
                    transport.flush();
                }
            };
            var port = reactor.listenUdp(0, protocol, family.options());
            assertEquals(List.of("a", "b"), peer.received());
            assertEquals(List.of(port.localAddress().toString()), addresses);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtocolCanListenAgainAfterItsPortHasStopped(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var ports = new ArrayList<DatagramTransport>();
            var protocol = new Recorder() {
                @Override
                public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                    super.datagramReceived(datagram, transport);
                    transport.stopListening().thenRun(() -> {
                        if (ports.size() == 1) {
                            listenAgain();
                        } else {
                            reactor.stop();
                        }
                    });
                }

                private void listenAgain() {
                    try {
                        var number = ports.getFirst().localAddress().port();
                        ports.add(reactor.listenUdp(number, this, family.options()));
                        peer.send(ports.getLast(), "second");
                    } catch (Exception e) {
                        events.add(e.toString());
                    }
                }
            };
            ports.add(reactor.listenUdp(0, protocol, family.options()));
            peer.send(ports.getFirst(), "first");
            Loop.run(reactor);
            assertEquals(List.of("start", "first", "stop", "start", "second", "stop"), protocol.events);
        }
    }

    /** Nothing is sent after stopProtocol: a datagram that it writes without a flush is dropped and counted. */
    @ParameterizedTest
    @EnumSource
    void aFlushInStopProtocolIsTheLastSend(Loopback family) throws Exception {
        var stopped = new ArrayList<DatagramTransport>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var protocol = new Recorder() {
                @Override
                public void stopProtocol(DatagramTransport transport) {
                    stopped.add(transport);
                    assertEquals(1, transport.statistics().socket().datagramsSent());
                    transport.write(new byte[]{'b'}, peer.address());
                    transport.flush();
                    transport.write(new byte[]{'c'}, peer.address());
                }
            };
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> {
                        port.write(new byte[]{'a'}, peer.address());
                        port.stopListening();
                    },
                    () -> {});
            assertEquals(List.of(port), stopped);
            assertEquals(List.of("a", "b"), peer.received());
            assertEquals(1, port.statistics().datagramsDropped());
            assertEquals(0, port.statistics().callbackFailures());
        }
    }
}
