package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However destinations and lengths interleave, each destination gets its datagrams whole, once and in order. */
@Tag("loopback")
class DestinationOrderTest {

    private static final int PEERS = 5;
    private static final int DATAGRAMS = 1_000;

    @ParameterizedTest
    @EnumSource
    void eachDestinationReceivesItsDatagramsInOrder(Loopback family) throws Exception {
        var seed = Long.getLong("salvo.test.seed", System.nanoTime());
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var peers = new ArrayList<Peer>();
        var expected = new ArrayList<List<String>>();
        try (var reactor = Reactor.open()) {
            for (int i = 0; i < PEERS; i++) {
                peers.add(Peer.open(family));
                expected.add(new ArrayList<>());
            }
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            for (int i = 0; i < DATAGRAMS; i++) {
                var to = random.nextInt(PEERS);
                // Few sizes, so that most datagrams are joined; empty ones never are.
                var text = random.nextInt(20) == 0 ? "" : i + "x".repeat(40 * random.nextInt(4));
                expected.get(to).add(text);
                var payload = text.getBytes(StandardCharsets.ISO_8859_1);
                if (random.nextInt(200) == 0) {
                    port.write(payload, peers.get(to).address());
                    port.flush();
                } else {
                    port.write(payload, peers.get(to).address());
                }
            }
            Loop.turns(reactor, 1);
            for (int i = 0; i < PEERS; i++) {
                assertEquals(expected.get(i), peers.get(i).received(), "-Dsalvo.test.seed=" + seed);
            }
            assertEquals(DATAGRAMS, port.statistics().socket().datagramsSent());
        } finally {
            peers.forEach(Peer::close);
        }
    }
}
