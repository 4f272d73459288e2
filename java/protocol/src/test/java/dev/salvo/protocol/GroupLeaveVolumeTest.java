package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.SocketOptions;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four members, three of whom leave in turn under a stream from a hundred ports that does not stop: of tens of
 * thousands of datagrams each arrives, once, where it belongs.
 */
@Tag("loopback")
class GroupLeaveVolumeTest {

    private static final int SENDERS = 100;
    private static final int IDS = 8;
    private static final int WHILE_LEAVING = 10_000;

    /** Who has datagrams that are too short for an id. */
    private static final int TOO_SHORT = -1;

    private int sentWhileLeaving;

    private void leave(ReactorGroup group, int member, GroupTraffic traffic) throws Exception {
        traffic.forgetMembers();
        var before = traffic.sent();
        // The last of these are on their way.
        send(traffic);
        var leaving = group.leave(member).toCompletableFuture();
        do {
            send(traffic);
        } while (!leaving.isDone() || traffic.sent() - before < WHILE_LEAVING);
        leaving.get(20, TimeUnit.SECONDS);
        traffic.awaitAll();
        sentWhileLeaving += traffic.sent() - before;
    }

    private static void send(GroupTraffic traffic) throws Exception {
        traffic.sendRound(IDS);
        traffic.sendFromEach();
    }

    /** Each id by its remainder, and those without: who serves it. */
    private static void assertServed(GroupTraffic traffic, Map<Integer, Set<Integer>> byRemainder) {
        var expected = new TreeMap<Integer, Set<Integer>>();
        for (int id = 0; id < IDS; id++) {
            expected.put(id, byRemainder.get(id % 4));
        }
        expected.put(TOO_SHORT, byRemainder.get(0));
        assertEquals(expected, new TreeMap<>(traffic.membersOfId));
    }

    private static void assertServedNow(GroupTraffic traffic, Map<Integer, Set<Integer>> byRemainder) throws Exception {
        traffic.forgetMembers();
        send(traffic);
        traffic.awaitAll();
        assertServed(traffic, byRemainder);
    }

    /** More than it receives in a turn of its loop, or two. */
    @Test
    void theLeaverServesAllThatWaitsForIt() throws Exception {
        var served = new AtomicInteger();
        try (var group = ReactorGroup.open(2, Steering.payloadByte(0)); var sender = new DatagramSocket()) {
            var ports = group.listenUdp(0, i -> (datagram, transport) -> served.addAndGet(i),
                    Loopback.IPV4.options());
            var socket = ports.get(1).socket();
            GroupTraffic.call(group.reactor(1), () -> {
                socket.set(SocketOptions.RCVBUF, 4 << 20);
                return true;
            });
            var busy = new CountDownLatch(1);
            group.reactor(1).callFromThread(() -> busy.await(20, TimeUnit.SECONDS));
            var to = ports.getFirst().localAddress().toInetSocketAddress();
            for (int i = 0; i < 2000; i++) {
                sender.send(new DatagramPacket(new byte[]{1}, 1, to));
            }
            var leaving = group.leave(1).toCompletableFuture();
            busy.countDown();
            leaving.get(20, TimeUnit.SECONDS);
            assertEquals(2000, served.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostAndOnlyTheIdsOfTheLeaverMove(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(4, Steering.payloadByte(0));
                var traffic = new GroupTraffic(family, group, SENDERS)) {
            assertServedNow(traffic, Map.of(0, Set.of(0), 1, Set.of(1), 2, Set.of(2), 3, Set.of(3)));

            leave(group, 1, traffic);
            assertServed(traffic, Map.of(0, Set.of(0), 1, Set.of(1, 2), 2, Set.of(2), 3, Set.of(3)));
            assertServedNow(traffic, Map.of(0, Set.of(0), 1, Set.of(2), 2, Set.of(2), 3, Set.of(3)));

            leave(group, 0, traffic);
            assertServed(traffic, Map.of(0, Set.of(0, 2), 1, Set.of(2), 2, Set.of(2), 3, Set.of(3)));
            assertServedNow(traffic, Map.of(0, Set.of(2), 1, Set.of(2), 2, Set.of(2), 3, Set.of(3)));

            leave(group, 2, traffic);
            assertServed(traffic, Map.of(0, Set.of(2, 3), 1, Set.of(2, 3), 2, Set.of(2, 3), 3, Set.of(3)));
            assertServedNow(traffic, Map.of(0, Set.of(3), 1, Set.of(3), 2, Set.of(3), 3, Set.of(3)));

            assertTrue(sentWhileLeaving >= 3 * WHILE_LEAVING);
            assertEquals(traffic.sent(), traffic.received.get());
            assertEquals(traffic.sent(), group.statistics().stream()
                    .mapToLong(port -> port.socket().datagramsReceived()).sum());
        }
    }
}
