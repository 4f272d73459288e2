package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * stop and close send queued datagrams before they close the ports. A datagram that stopProtocol writes is not sent.
 */
@Tag("loopback")
class ShutdownTest {

    @ParameterizedTest
    @EnumSource
    void closeSendsQueuedDatagrams(Loopback family) throws Exception {
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
    void aDatagramWrittenByStopProtocolIsDroppedAndCounted(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var ports = new ArrayList<DatagramTransport>();
            var protocol = new Recorder() {
                @Override
                public void stopProtocol(DatagramTransport transport) {
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

    /** A port that stopProtocol opened would never be closed. */
    @ParameterizedTest
    @EnumSource
    void stopProtocolCantListenAgain(Loopback family) throws Exception {
        for (boolean running : new boolean[]{true, false}) {
            var refused = new ArrayList<String>();
            try (var reactor = Reactor.open()) {
                var protocol = new Recorder() {
                    @Override
                    public void stopProtocol(DatagramTransport transport) {
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
                    List.of(running ? "the reactor has stopped and can't run again" : "the reactor is closed"),
                    refused);
        }
    }

    /** A second close does nothing. A running reactor refuses to close, in stopProtocol too. */
    @SuppressWarnings("try") // The test closes twice on purpose.
    @ParameterizedTest
    @EnumSource
    void stopProtocolMayTryToCloseTheReactor(Loopback family) throws Exception {
        for (boolean running : new boolean[]{true, false}) {
            try (var log = CapturedLog.open();
                    var reactor = Reactor.open()) {
                var first = new Recorder() {
                    @Override
                    public void stopProtocol(DatagramTransport transport) throws Exception {
                        super.stopProtocol(transport);
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
