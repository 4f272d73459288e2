package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program chooses by places in the kernel's array, which nothing that a member does to its port may move. */
@Tag("loopback")
class GroupPlacesTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();
    private static final int SENDERS = 64;

    static Stream<Steering> steerings() {
        return Stream.of(Steering.hash(), Steering.payloadByte(0));
    }

    private static void close(ReactorGroup group, GroupTraffic traffic, int member) throws Exception {
        var closed = GroupTraffic.call(group.reactor(member), () -> traffic.port(member).stopListening());
        closed.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static Set<Integer> serving(GroupTraffic traffic) throws Exception {
        traffic.forgetMembers();
        traffic.sendRound(6);
        traffic.awaitAll();
        return traffic.membersOfFlow.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** And the second leave finds the others where they were. */
    @ParameterizedTest
    @MethodSource("steerings")
    void theOthersServeForOneThatHasClosedItsPort(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(3, steering);
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            close(group, traffic, 1);
            assertEquals(Set.of(0, 2), serving(traffic));
            group.leave(0).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertEquals(Set.of(2), serving(traffic));
        }
    }

    @Test
    void theIdsOfOthersStayWhenOneClosesItsPort() throws Exception {
        try (var group = ReactorGroup.open(3, Steering.payloadByte(0));
                var traffic = new GroupTraffic(Loopback.IPV4, group, 2)) {
            close(group, traffic, 0);
            traffic.sendRound(3);
            traffic.awaitAll();
            assertEquals(Map.of(0, Set.of(1), 1, Set.of(1), 2, Set.of(2)), new TreeMap<>(traffic.membersOfId));
        }
    }

    @ParameterizedTest
    @MethodSource("steerings")
    void oneThatHasClosedOneOfItsPortsLeavesTheOther(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(2, steering);
                var first = new GroupTraffic(Loopback.IPV4, group, SENDERS);
                var second = new GroupTraffic(Loopback.IPV6, group, SENDERS)) {
            close(group, first, 1);
            group.leave(1).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertEquals(Set.of(0), serving(first));
            assertEquals(Set.of(0), serving(second));
        }
    }

    /** Again and again: nothing of it stays. */
    @ParameterizedTest
    @MethodSource("steerings")
    void aPortThatAllHaveClosedIsFree(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(3, steering); var reactor = Reactor.open()) {
            var traffic = new GroupTraffic(Loopback.IPV4, group, 1);
            var number = traffic.to().port();
            for (int member : new int[]{1, 2, 0}) {
                close(group, traffic, member);
            }
            // What the last one told the others to do.
            for (int i = 0; i < 3; i++) {
                GroupTraffic.call(group.reactor(i), () -> 0);
            }
            assertEquals(List.of(), group.statistics());
            reactor.listenUdp(number, new Recorder(), OPTIONS);
            try (var later = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
                group.leave(1).toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertEquals(Set.of(0, 2), serving(later));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("steerings")
    void noneIsConnected(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(2, steering)) {
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            var e = GroupTraffic.call(group.reactor(1), () -> assertThrows(IllegalStateException.class,
                    () -> ports.get(1).connect(Loopback.IPV4.address(9))));
            assertEquals("a port of a group can't be connected: it would lose its place", e.getMessage());
        }
    }

    /** A rolling restart: what was dealt to who has ended goes to the others, while a hook of one takes its time. */
    @Test
    void aGroupThatStopsHoldsNoPlaceThatNobodyChoosesBy() throws Exception {
        var slow = new CountDownLatch(1);
        var threads = new CopyOnWriteArrayList<Thread>();
        try (var old = ReactorGroup.open(2, Steering.hash(), new int[0], (name, task) -> {
            threads.add(Thread.ofPlatform().name(name).unstarted(task));
            return threads.getLast();
        }); var next = ReactorGroup.open(1)) {
            var number = old.listenUdp(0, i -> new Recorder(), OPTIONS).getFirst().localAddress().port();
            next.listenUdp(number, i -> (datagram, transport) -> transport.write(datagram, datagram.source()), OPTIONS);
            GroupTraffic.call(old.reactor(0), () -> {
                old.reactor(0).onShutdown(() -> {
                    slow.await();
                });
                return 0;
            });
            old.stop();
            // Member 1 waits for member 0 then, which is in its hook or about to be.
            while (threads.get(1).getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            var left = bound(number);
            slow.countDown();
            assertEquals(2, left);
        }
    }

    /** How many sockets this host has on a port. */
    private static long bound(int port) throws Exception {
        var local = String.format("\\s*\\d+: [0-9A-F]+:%04X .*", port);
        try (var lines = Files.lines(Path.of("/proc/net/udp"))) {
            return lines.filter(line -> line.matches(local)).count();
        }
    }
}
