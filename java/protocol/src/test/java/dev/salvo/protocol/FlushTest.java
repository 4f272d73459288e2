package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When flush returns, everything that was written before it has been sent. */
@Tag("loopback")
class FlushTest {

    @ParameterizedTest
    @EnumSource
    void aFlushSendsAtOnceAndInOrder(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            port.write(new byte[]{'a'}, peer.address());
            port.write(new byte[]{'b', 'b'}, peer.address());
            assertEquals(List.of(), peer.received());
            assertTrue(port.write(new byte[]{'c'}, peer.address()));
            port.flush();
            assertEquals(List.of("a", "bb", "c"), peer.received());
            port.write(new byte[]{'d'}, peer.address());
            assertEquals(List.of(), peer.received());
            Loop.turns(reactor, 1);
            assertEquals(List.of("d"), peer.received());
            assertEquals(4, port.statistics().socket().datagramsSent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlushInTheMiddleOfABatchSendsAtOnce(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        if (Recorder.text(datagram).equals("now")) {
                            transport.write(datagram, datagram.source());
                            transport.flush();
                            assertEquals(List.of("1", "2", "now"), peer.received());
                        } else {
                            transport.write(datagram, datagram.source());
                        }
                    },
                    family.options());
            peer.send(port, "1", "2", "now", "3", "4");
            Loop.turns(reactor, 1);
            assertEquals(0, port.statistics().callbackFailures());
            assertEquals(List.of("3", "4"), peer.received());
        }
    }
}
