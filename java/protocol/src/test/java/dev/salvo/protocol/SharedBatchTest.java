package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All ports receive into one batch, but payloads, sources, sizes and counters stay separate. */
@Tag("loopback")
class SharedBatchTest {

    @ParameterizedTest
    @EnumSource
    void everyPortReceivesItsOwnDatagrams(Loopback family) throws Exception {
        var protocols = new ArrayList<Recorder>();
        var ports = new ArrayList<DatagramTransport>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family);
                var second = Peer.open(family.other())) {
            for (int i = 0; i < 4; i++) {
                protocols.add(new Recorder() {
                    @Override
                    public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                        super.datagramReceived(datagram, transport);
                        events.add("from " + datagram.source());
                    }
                });
                // Even ports have one family and no truncation, odd ports the other family and three bytes.
                var options = i % 2 == 0 ? family.options() : family.other().options().withMaxPacketSize(3);
                ports.add(reactor.listenUdp(0, protocols.get(i), options));
            }
            for (int i = 0; i < 4; i++) {
                var sender = i % 2 == 0 ? peer : second;
                sender.send(ports.get(i), "port " + i + " first", i + "", "port " + i + " last");
            }
            Loop.turns(reactor, 1);
            for (int i = 0; i < 4; i++) {
                var from = "from " + (i % 2 == 0 ? peer : second).address();
                var first = i % 2 == 0 ? "port " + i + " first" : "por";
                var last = i % 2 == 0 ? "port " + i + " last" : "por";
                assertEquals(List.of("start", first, from, i + "", from, last, from, "stop"), protocols.get(i).events);
                var counted = ports.get(i).statistics().socket();
                assertEquals(3, counted.datagramsReceived());
                assertEquals(i % 2 == 0 ? 0 : 2, counted.datagramsTruncated());
            }
        }
    }
}
