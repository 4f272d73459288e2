package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Only the port may close its socket. A protocol that closes it ends the loop, but the other ports are still stopped.
 */
@Tag("loopback")
class ClosedSocketTest {

    @ParameterizedTest
    @EnumSource
    void theOtherPortsAreStillStopped(Loopback family) throws Exception {
        var other = new Recorder();
        try (var log = CapturedLog.open();
                var peer = Peer.open(family)) {
            try (var reactor = Reactor.open()) {
                var bad = reactor.listenUdp(
                        0,
                        (datagram, transport) -> {
                            transport.write(datagram, datagram.source());
                            transport.socket().close();
                        },
                        family.options());
                var good = reactor.listenUdp(0, other, family.options());
                good.write(new byte[]{'a'}, peer.address());
                peer.send(bad, "close it");
                assertThrows(IllegalStateException.class, () -> Loop.turns(reactor, 3));
                assertEquals(List.of("start", "stop"), other.events);
                assertEquals(List.of("a"), peer.received());
            }
            assertEquals(2, log.lines().size(), log.lines().toString());
            assertTrue(log.lines().getFirst().startsWith("closing "), log.lines().toString());
        }
    }
}
