package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.Reactor;
import dev.salvo.testing.NetNamespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 21: a firewall rule on this host that drops outgoing packets makes the send fail with EPERM. Each forbidden
 * datagram is reported, the others are sent, and none stays queued.
 */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FirewallTest {

    private static final int ROUNDS = 20;
    private static final int TOGETHER = 10;

    @ParameterizedTest
    @CsvSource({"IPV4, true", "IPV4, false", "IPV6, true", "IPV6, false"})
    void forbiddenDatagramsAreReportedAndTheOthersAreSent(Loopback family, boolean coalescing) throws Exception {
        try (var namespace = NetNamespace.open()) {
            namespace.call(() -> {
                try (var open = Peer.open(family);
                        var forbidden = Peer.open(family)) {
                    forbid(namespace, forbidden);
                    write(family.options().withCoalescing(coalescing), open, forbidden);
                }
                return null;
            });
        }
    }

    private static void forbid(NetNamespace namespace, Peer peer) throws Exception {
        nft(namespace, "add", "table", "inet", "salvo");
        nft(namespace, "add", "chain", "inet", "salvo", "output", "{ type filter hook output priority 0; }");
        nft(namespace, "add", "rule", "inet", "salvo", "output", "udp", "dport",
                Integer.toString(peer.address().port()), "drop");
    }

    private static void nft(NetNamespace namespace, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("netns", "exec", namespace.name(), "nft"));
        command.addAll(List.of(arguments));
        NetNamespace.ip(command.toArray(String[]::new));
    }

    private static void write(PortOptions options, Peer open, Peer forbidden) throws Exception {
        var protocol = new Recorder();
        var expected = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, options);
            Call round = () -> {
                for (int i = 0; i < TOGETHER; i++) {
                    assertTrue(port.write(("lost " + i).getBytes(ISO_8859_1), forbidden.address()));
                    var text = "goes " + expected.size();
                    expected.add(text);
                    assertTrue(port.write(text.getBytes(ISO_8859_1), open.address()));
                }
            };
            Loop.phases(reactor, Collections.nCopies(ROUNDS, round).toArray(Call[]::new));
            var statistics = port.statistics();
            assertEquals(ROUNDS * TOGETHER, statistics.socket().datagramsForbidden());
            assertEquals(ROUNDS * TOGETHER, statistics.socket().datagramsFailed());
            assertEquals(ROUNDS * TOGETHER, statistics.socket().datagramsSent());
            assertEquals(0, statistics.socket().sendsBlocked());
            assertEquals(0, statistics.datagramsDropped());
        }
        assertEquals(expected, open.received());
        assertEquals(List.of(), forbidden.received());
        var events = new ArrayList<>(List.of("start"));
        events.addAll(Collections.nCopies(ROUNDS * TOGETHER, "failed " + forbidden.address() + " 6 EPERM"));
        events.add("stop");
        assertEquals(events, protocol.events);
    }
}
