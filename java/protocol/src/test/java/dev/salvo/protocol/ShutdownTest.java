package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** stop and close send what was written before the ports are closed, and stopProtocol has the last word, unsent. */
@Tag("loopback")
class ShutdownTest {

    @ParameterizedTest
    @EnumSource
    void closeSends(Loopback family) throws Exception {
        try (var peer = Peer.open(family)) {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenUdp(0, new Recorder(), family.options());
                port.write(new byte[]{'a'}, peer.address());
                assertEquals(List.of(), peer.received());
            }
            assertEquals(List.of("a"), peer.received());
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopInACallbackServesTheRestOfTheBatchAndSends(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        reactor.stop();
                        transport.write(datagram, datagram.source());
                    },
                    family.options());
            peer.send(port, "a", "b", "c");
            Loop.run(reactor);
            assertEquals(List.of("a", "b", "c"), peer.received());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatStopProtocolWritesIsDroppedAndCounted(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var ports = new ArrayList<DatagramTransport>();
            var protocol = new Recorder() {
                @Override
                public void stopProtocol() {
                    ports.getFirst().write(new byte[]{'x'}, peer.address());
                }
            };
            ports.add(reactor.listenUdp(0, protocol, family.options()));
            Loop.turns(reactor, 1);
            assertEquals(List.of(), peer.received());
            assertEquals(1, ports.getFirst().statistics().datagramsDropped());
            assertEquals(0, ports.getFirst().statistics().datagramsQueued());
        }
    }

    /** A port that was opened then would never be closed again. */
    @ParameterizedTest
    @EnumSource
    void stopProtocolCantListenAgain(Loopback family) throws Exception {
        for (boolean running : new boolean[]{true, false}) {
            var refused = new ArrayList<String>();
            try (var reactor = Reactor.open()) {
                var protocol = new Recorder() {
                    @Override
                    public void stopProtocol() {
                        try {
                            reactor.listenUdp(0, new Recorder(), family.options());
                        } catch (CannotListenException | IllegalStateException e) {
                            refused.add(e.getMessage());
                        }
                    }
                };
                reactor.listenUdp(0, protocol, family.options());
                if (running) {
                    Loop.turns(reactor, 1);
                }
            }
            assertEquals(
                    List.of(running ? "the reactor has stopped, and runs once" : "the reactor is closed"), refused);
        }
    }

    /** Twice to close is once; and what is running, in stopProtocol too, has to be stopped first. */
    @SuppressWarnings("try") // Closing twice is what this is about.
    @ParameterizedTest
    @EnumSource
    void stopProtocolMayTryToCloseTheReactor(Loopback family) throws Exception {
        for (boolean running : new boolean[]{true, false}) {
            try (var log = CapturedLog.open();
                    var reactor = Reactor.open()) {
                var first = new Recorder() {
                    @Override
                    public void stopProtocol() throws Exception {
                        super.stopProtocol();
                        reactor.close();
                    }
                };
                var second = new Recorder();
                var port = reactor.listenUdp(0, first, family.options());
                reactor.listenUdp(0, second, family.options());
                if (running) {
                    Loop.turns(reactor, 1);
                }
                reactor.close();
                assertEquals(List.of("start", "stop"), first.events);
                assertEquals(List.of("start", "stop"), second.events);
                assertEquals(running ? 1 : 0, port.statistics().callbackFailures());
                assertEquals(running ? 1 : 0, log.lines().size());
            }
        }
    }
}
