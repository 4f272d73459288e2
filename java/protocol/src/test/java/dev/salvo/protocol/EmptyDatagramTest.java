package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trap 20: an empty datagram is a datagram. It is received and sent, it ends no batch, and no datagram around it is
 * lost or duplicated.
 */
@Tag("loopback")
class EmptyDatagramTest {

    @ParameterizedTest
    @EnumSource
    void emptyDatagramsAreEchoedInOrder(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(
                    0, (datagram, transport) -> transport.write(datagram, datagram.source()), family.options());
            var sent = List.of("", "a", "b", "", "", "c", "");
            peer.send(port, sent.toArray(String[]::new));
            Loop.turns(reactor, 1);
            assertEquals(sent, peer.receive(7));
            assertEquals(List.of(), peer.received());
            var counted = port.statistics().socket();
            assertEquals(7, counted.datagramsReceived());
            assertEquals(7, counted.datagramsSent());
        }
    }
}
