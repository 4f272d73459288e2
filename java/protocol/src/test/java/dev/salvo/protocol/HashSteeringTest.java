package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each flow has its member; when a member leaves nothing is lost, and its flows have another. */
@Tag("loopback")
class HashSteeringTest {

    private static final int SENDERS = 200;

    /** Where the senders are, and where the group is bound. */
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

    private static void requireOneMemberForEach(GroupTraffic traffic) {
        assertEquals(SENDERS, traffic.membersOfFlow.size());
        traffic.membersOfFlow.forEach((flow, members) -> assertEquals(1, members.size(), flow + ": " + members));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void aMemberLeavesAndNothingIsLost(Loopback family, String literal) throws Exception {
        try (var group = ReactorGroup.open(4);
                var traffic = new GroupTraffic(family, group, SENDERS,
                        PortOptions.defaults().withInterface(literal))) {
            traffic.sendRound(3);
            traffic.awaitAll();
            requireOneMemberForEach(traffic);
            assertEquals(Set.of(0, 1, 2, 3), serving(traffic));

            var leaving = group.leave(2).toCompletableFuture();
            while (!leaving.isDone()) {
                traffic.sendRound(1);
            }
            traffic.awaitAll();
            assertFalse(leaving.isCompletedExceptionally());

            traffic.forgetMembers();
            traffic.sendRound(3);
            traffic.awaitAll();
            requireOneMemberForEach(traffic);
            assertEquals(Set.of(0, 1, 3), serving(traffic));
            assertEquals(traffic.sent(), traffic.received.get());
        }
    }

    /** From the second time on those of others stay where they are. */
    @Test
    void onlyTheFlowsOfTheLeaverMoveTheSecondTime() throws Exception {
        try (var group = ReactorGroup.open(4); var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            group.leave(0).toCompletableFuture().join();
            traffic.sendRound(1);
            traffic.awaitAll();
            var before = Map.copyOf(traffic.membersOfFlow);
            group.leave(3).toCompletableFuture().join();
            traffic.forgetMembers();
            traffic.sendRound(1);
            traffic.awaitAll();
            var stay = before.keySet().stream().filter(flow -> !Set.of(3).equals(before.get(flow))).toList();
            assertTrue(stay.size() < SENDERS);
            stay.forEach(flow -> assertEquals(before.get(flow), traffic.membersOfFlow.get(flow)));
            assertEquals(Set.of(1, 2), serving(traffic));
        }
    }

    /**
     * It has them in its queue while the kernel is told to deal it nothing more; connected peers hear the port alone.
     */
    @Test
    void theLeaverAnswersFromThePortWhatItHadBeenDealt() throws Exception {
        var peers = new ArrayList<DatagramSocket>();
        var served = ConcurrentHashMap.<Integer>newKeySet();
        try (var group = ReactorGroup.open(2)) {
            var ports = group.listenUdp(0, i -> (datagram, transport) -> {
                served.add(i);
                transport.write(datagram, datagram.source());
            }, Loopback.IPV4.options());
            var busy = new CountDownLatch(1);
            group.reactor(1).callFromThread(() -> busy.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 40; i++) {
                var peer = new DatagramSocket();
                peers.add(peer);
                peer.setSoTimeout(20_000);
                peer.connect(ports.getFirst().localAddress().toInetSocketAddress());
                peer.send(new DatagramPacket(new byte[]{'a'}, 1));
            }
            var leaving = group.leave(1).toCompletableFuture();
            busy.countDown();
            for (var peer : peers) {
                var reply = new DatagramPacket(new byte[9], 9);
                peer.receive(reply);
                assertEquals(1, reply.getLength());
            }
            assertEquals(Set.of(0, 1), served);
            leaving.get(20, TimeUnit.SECONDS);
        } finally {
            peers.forEach(DatagramSocket::close);
        }
    }
}
