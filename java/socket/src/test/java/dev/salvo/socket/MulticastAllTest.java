package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 9: a socket on the wildcard also receives groups that other sockets joined, unless MULTICAST_ALL is off. */
@Tag("netns")
class MulticastAllTest {

    @ParameterizedTest
    @EnumSource
    void withoutMulticastAllASocketReceivesOnlyGroupsThatItJoined(GroupFamily family) throws Exception {
        assertEquals(List.of("to mine"), heard(family, false));
    }

    @ParameterizedTest
    @EnumSource
    void withMulticastAllASocketReceivesGroupsOfOthersToo(GroupFamily family) throws Exception {
        assertEquals(List.of("to mine", "to theirs"), heard(family, true));
    }

    private static List<String> heard(GroupFamily family, boolean all) throws Exception {
        var heard = new ArrayList<String>();
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, family)) {
                pair.receiver.set(family.all(), all);
                cables.there.enter();
                try (var other = family.bound()) {
                    var mine = family.group(1, pair.port);
                    var theirs = family.group(2, pair.port);
                    Multicast.join(pair.receiver, mine, Multicast.interfaceIndex("cable-a"));
                    Multicast.join(other, theirs, Multicast.interfaceIndex("cable-a"));
                    cables.here.enter();
                    family.setOutgoing(pair.sender, "cable-a");
                    pair.send(theirs, "to theirs");
                    pair.send(mine, "to mine");
                    heard.addAll(pair.received(all ? 2 : 1));
                }
            }
        });
        return heard;
    }
}
