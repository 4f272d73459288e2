package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broadcast reaches every host of one link, if the sender's socket allows it. */
@Tag("netns")
class BroadcastTest {

    @Test
    void aBroadcastArrivesIfAllowedAndIsEaccesOtherwise() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV4);
                    var sender = UdpSocket.open(GroupFamily.IPV4.family);
                    var out = SendBatch.open()) {
                // The address selects the link, which would otherwise be that of the default route.
                sender.bind(SockAddr.of(ThreeCables.ipv4("cable-b", 1), 0));
                var everyone = SockAddr.broadcast(pair.port);
                Traffic.add(out, everyone, "not allowed");
                assertEquals(1, sender.send(out));
                assertEquals(
                        List.of(Errno.EACCES),
                        out.failures().stream().map(SendFailure::errno).toList());

                sender.set(SocketLevelOptions.BROADCAST, true);
                pair.send(sender, everyone, "allowed");
                assertEquals(List.of("allowed"), pair.received(1));
            }
        });
    }

    @Test
    void theBroadcastAddressIsAllOnes() {
        assertEquals(SockAddr.of("255.255.255.255", 7), SockAddr.broadcast(7));
        assertEquals("255.255.255.255:7", SockAddr.broadcast(7).toString());
    }
}
