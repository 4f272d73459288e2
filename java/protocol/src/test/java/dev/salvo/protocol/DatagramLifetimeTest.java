package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A datagram is valid as long as its batch; a copy stays valid. */
@Tag("loopback")
class DatagramLifetimeTest {

    @ParameterizedTest
    @EnumSource
    void aDatagramKeptAfterItsCallbackThrows(Loopback family) throws Exception {
        var kept = new ArrayList<Datagram>();
        var sources = new ArrayList<SockAddr>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        kept.add(datagram);
                        kept.add(datagram.copy());
                        sources.add(datagram.source());
                        reactor.callLater(Duration.ZERO, reactor::stop);
                    },
                    family.options());
            reactor.callLater(Duration.ZERO, () -> peer.send(port, "hello"));
            Loop.run(reactor);
            assertThrows(IllegalStateException.class, kept.getFirst()::length);
            assertThrows(IllegalStateException.class, kept.getFirst()::segment);
            assertThrows(IllegalStateException.class, kept.getFirst()::source);
            assertThrows(IllegalStateException.class, kept.getFirst()::copy);
            assertThrows(IllegalStateException.class, sources.getFirst()::port);
            assertEquals("hello", Recorder.text(kept.get(1)));
            assertEquals(peer.address(), kept.get(1).source());
        }
    }

    /** Neither such a datagram nor its source can be passed to write. */
    @ParameterizedTest
    @EnumSource
    void writeRefusesAnExpiredDatagramAndItsSource(Loopback family) throws Exception {
        var sources = new ArrayList<SockAddr>();
        try (var log = CapturedLog.open();
                var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        sources.add(datagram.source());
                        reactor.callLater(Duration.ZERO, () -> {
                            assertThrows(
                                    IllegalStateException.class, () -> transport.write(datagram, peer.address()));
                            assertThrows(
                                    IllegalStateException.class,
                                    () -> transport.write(new byte[1], sources.getFirst()));
                            reactor.stop();
                        });
                    },
                    family.options());
            peer.send(port, "hello");
            Loop.run(reactor);
            assertEquals(List.of(), peer.received());
            assertEquals(List.of(), log.lines());
        }
    }
}
