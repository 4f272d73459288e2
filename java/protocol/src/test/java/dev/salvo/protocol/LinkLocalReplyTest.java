package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.testing.ThreeCables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trap 24: a link-local address is meaningless without its scope, and the three cables have the same addresses. */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkLocalReplyTest {

    @Test
    void anAnswerLeavesByTheInterfaceOfItsQuestion() throws Exception {
        ThreeCables.run(cables -> {
            try (var reactor = Reactor.open()) {
                var any = PortOptions.defaults().withInterface("::");
                cables.there.enter();
                var server = reactor.listenUdp(0, (datagram, port) -> port.write(datagram, datagram.source()), any);
                cables.here.enter();
                var client = new Recorder() {
                    @Override
                    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
                        events.add(text(datagram) + " " + datagram.source());
                    }
                };
                var port = reactor.listenUdp(0, client, any);
                for (var cable : ThreeCables.NAMES) {
                    port.write(cable.getBytes(ISO_8859_1), to(cable, server));
                }
                Loop.runUntil(reactor, () -> client.events.size() == 1 + ThreeCables.NAMES.size());

                var expected = ThreeCables.NAMES.stream().map(cable -> cable + " " + to(cable, server)).toList();
                assertEquals(expected, client.events.stream().filter(each -> each.contains(" ")).sorted().toList());
                assertEquals(List.of("start", "stop"), List.of(client.events.getFirst(), client.events.getLast()));
            }
        });
    }

    private static SockAddr to(String cable, DatagramTransport server) {
        return SockAddr.of(ThreeCables.linkLocal(2) + "%" + cable, server.localAddress().port());
    }
}
