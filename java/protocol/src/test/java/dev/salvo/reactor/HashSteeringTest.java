package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.PortOptions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every flow has one member, and every member has flows. */
@Tag("loopback")
class HashSteeringTest {

    private static final int SENDERS = 200;

    /** The senders' family, and the address to which the group is bound. */
    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of(Loopback.IPV4, "127.0.0.1"),
                Arguments.of(Loopback.IPV6, "::1"),
                Arguments.of(Loopback.IPV4, ""),
                Arguments.of(Loopback.IPV6, "::"),
                Arguments.of(Loopback.IPV4, "::"));
    }

    private static Set<Integer> serving(GroupTraffic traffic) {
        return traffic.membersOfFlow.values().stream().flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertOneMemberForEachFlow(GroupTraffic traffic) {
        assertEquals(SENDERS, traffic.membersOfFlow.size());
        traffic.membersOfFlow.forEach((flow, members) -> assertEquals(1, members.size(), flow + ": " + members));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void everyFlowHasOneMember(Loopback family, String literal) throws Exception {
        try (var group = ReactorGroup.open(4);
                var traffic = new GroupTraffic(family, group, SENDERS,
                        PortOptions.defaults().withInterface(literal))) {
            traffic.sendRound(3);
            traffic.awaitAll();
            assertOneMemberForEachFlow(traffic);
            assertEquals(Set.of(0, 1, 2, 3), serving(traffic));
        }
    }
}
