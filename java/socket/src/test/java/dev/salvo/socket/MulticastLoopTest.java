package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 23: on Linux the sender's option decides whether its own host receives what it sends to a group. */
@Tag("netns")
class MulticastLoopTest {

    @ParameterizedTest
    @EnumSource
    void theSendersOptionDecides(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            // In this namespace the sender and the receiver use the same interface.
            try (var pair = new CablePair(cables, family);
                    var neighbour = family.bound();
                    var in = ReceiveBatch.open()) {
                var group = family.group(1, neighbour.localAddress().port());
                Multicast.join(neighbour, group, Multicast.interfaceIndex("cable-a"));
                family.setOutgoing(pair.sender, "cable-a");
                neighbour.set(family.loop(), false);
                pair.send(group, "looped");
                pair.sender.set(family.loop(), false);
                neighbour.set(family.loop(), true);
                pair.send(group, "not looped");
                pair.sender.set(family.loop(), true);
                pair.send(group, "looped again");
                assertEquals(List.of("looped", "looped again"), Traffic.texts(Traffic.receive(neighbour, in, 2)));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutLoopOtherHostsStillReceive(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, family)) {
                var group = family.group(1, pair.port);
                cables.there.enter();
                Multicast.join(pair.receiver, group, Multicast.interfaceIndex("cable-a"));
                cables.here.enter();
                family.setOutgoing(pair.sender, "cable-a");
                pair.sender.set(family.loop(), false);
                pair.send(group, "over the cable");
                assertEquals(List.of("over the cable"), pair.received(1));
            }
        });
    }
}
