package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.option.UdpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A byte of the payload chooses the member, wherever a datagram comes from, and also while others leave. */
@Tag("loopback")
class PayloadSteeringTest {

    private static final int SENDERS = 20;
    private static final int IDS = 16;

    /** Which member is to have each of the ids. */
    private static Map<Integer, Set<Integer>> expected(int... heirs) {
        return IntStream.range(0, IDS).boxed().collect(
                Collectors.toMap(id -> id, id -> Set.of(heirs[id % heirs.length]), (a, b) -> a, TreeMap::new));
    }

    @ParameterizedTest
    @EnumSource
    void everyIdHasItsMemberWhileAnotherLeavesAndNothingIsLost(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(4, Steering.payloadByte(0));
                var traffic = new GroupTraffic(family, group, SENDERS)) {
            traffic.sendRound(IDS);
            traffic.awaitAll();
            assertEquals(expected(0, 1, 2, 3), new TreeMap<>(traffic.membersOfId));

            var leaving = group.leave(1).toCompletableFuture();
            while (!leaving.isDone()) {
                traffic.sendRound(IDS);
            }
            leaving.get(20, TimeUnit.SECONDS);
            traffic.sendRound(IDS);
            traffic.awaitAll();
            for (int id = 0; id < IDS; id++) {
                assertEquals(id % 4 == 1 ? Set.of(1, 2) : Set.of(id % 4), traffic.membersOfId.get(id), "id " + id);
            }

            traffic.forgetMembers();
            traffic.sendRound(IDS);
            traffic.awaitAll();
            assertEquals(expected(0, 2, 2, 3), new TreeMap<>(traffic.membersOfId));
            assertEquals(traffic.sent(), traffic.received.get());
        }
    }

    /** Down to the last one, and each takes over from those before. */
    @Test
    void oneAfterTheOtherLeaves() throws Exception {
        try (var group = ReactorGroup.open(4, Steering.payloadByte(0));
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            for (int leaver : new int[]{0, 2, 1}) {
                var leaving = group.leave(leaver).toCompletableFuture();
                while (!leaving.isDone()) {
                    traffic.sendRound(IDS);
                }
            }
            traffic.awaitAll();
            traffic.forgetMembers();
            traffic.sendRound(IDS);
            traffic.sendFromEach();
            traffic.awaitAll();
            traffic.membersOfId.forEach((id, members) -> assertEquals(Set.of(3), members, "id " + id));
            assertEquals(IDS + 1, traffic.membersOfId.size());
            var e = assertThrows(IllegalStateException.class, () -> group.leave(3));
            assertEquals("member 3 is the last of the group: stop the group", e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 1400})
    void aDatagramThatIsTooShortGoesToTheFirstMember(int offset) throws Exception {
        try (var group = ReactorGroup.open(3, Steering.payloadByte(offset));
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            var tooShort = new byte[offset];
            var longEnough = new byte[offset + 1];
            if (offset > 0) {
                tooShort[0] = 7;
                longEnough[0] = 8;
            }
            longEnough[offset] = 8;
            traffic.sendFromEach(tooShort);
            traffic.sendFromEach(longEnough);
            traffic.awaitAll();
            assertEquals(Map.of(offset == 0 ? -1 : 7, Set.of(0), 8, Set.of(2)), traffic.membersOfId);
        }
    }

    /** It would be steered whole. */
    @Test
    void nothingIsReceivedTogether() throws Exception {
        assertEquals(List.of(false, false), gro(Steering.payloadByte(0)));
        assertEquals(List.of(true, true), gro(Steering.hash()));
    }

    private static List<Boolean> gro(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(2, steering)) {
            var ports = group.listenUdp(0, i -> new Recorder(), Loopback.IPV4.options());
            var on = new ArrayList<Boolean>();
            for (int i = 0; i < ports.size(); i++) {
                var socket = ports.get(i).socket();
                on.add(GroupTraffic.call(group.reactor(i), () -> socket.get(UdpOptions.GRO)));
            }
            return on;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_527})
    void anOffsetThatNoDatagramHasIsRefused(int offset) {
        assertThrows(IllegalArgumentException.class, () -> Steering.payloadByte(offset));
    }
}
