package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sockets of a group's port close together. */
@Tag("loopback")
class GroupStopListeningTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    static Stream<Steering> steerings() {
        return Stream.of(Steering.hash(), Steering.payloadByte(0));
    }

    /** A recorder for each member, and a future that completes when its port has stopped. */
    private static final class Stopped {

        private final List<Recorder> recorders = new ArrayList<>();
        private final List<CompletableFuture<Void>> stopped = new ArrayList<>();

        Stopped(int members) {
            for (int i = 0; i < members; i++) {
                var future = new CompletableFuture<Void>();
                stopped.add(future);
                recorders.add(new Recorder() {
                    @Override
                    public void stopProtocol(DatagramTransport transport) throws Exception {
                        super.stopProtocol(transport);
                        future.complete(null);
                    }
                });
            }
        }

        void await() throws Exception {
            CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
            recorders.forEach(recorder -> assertEquals(List.of("start", "stop"), recorder.events));
        }
    }

    /** Waits until the socket of every member is closed. */
    private static void awaitClosed(ReactorGroup group, List<DatagramTransport> ports) throws Exception {
        for (int i = 0; i < ports.size(); i++) {
            var port = ports.get(i);
            GroupTraffic.call(group.reactor(i), port::stopListening).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("steerings")
    void aPortThatOneMemberStopsIsStoppedOnAllMembers(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(3, steering); var other = new GroupTraffic(Loopback.IPV4, group, 3)) {
            var stopped = new Stopped(3);
            var ports = group.listenUdp(0, stopped.recorders::get, OPTIONS);
            assertEquals(6, group.statistics().size());
            GroupTraffic.call(group.reactor(1), () -> ports.get(1).stopListening());
            stopped.await();
            awaitClosed(group, ports);
            assertEquals(3, group.statistics().size());
            other.sendRound(3);
            other.awaitAll();
        }
    }

    @ParameterizedTest
    @MethodSource("steerings")
    void theNumberOfAStoppedPortCanBeBoundAgain(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(3, steering); var reactor = Reactor.open()) {
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            var number = ports.getFirst().localAddress().port();
            awaitClosed(group, ports);
            reactor.listenUdp(number, new Recorder(), OPTIONS).stopListening();
        }
    }

    @Test
    void aPortThatOneStartProtocolStopsIsStoppedOnAllMembers() throws Exception {
        try (var group = ReactorGroup.open(3)) {
            var stopped = new Stopped(3);
            stopped.recorders.set(0, new Recorder() {
                @Override
                public void startProtocol(DatagramTransport transport) throws Exception {
                    super.startProtocol(transport);
                    transport.stopListening();
                }

                @Override
                public void stopProtocol(DatagramTransport transport) throws Exception {
                    super.stopProtocol(transport);
                    stopped.stopped.getFirst().complete(null);
                }
            });
            var ports = group.listenUdp(0, stopped.recorders::get, OPTIONS);
            stopped.await();
            awaitClosed(group, ports);
            assertEquals(List.of(), group.statistics());
        }
    }

    @ParameterizedTest
    @MethodSource("steerings")
    void aPortOfAGroupCannotBeConnected(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(2, steering)) {
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            GroupTraffic.call(group.reactor(1), () -> assertThrows(IllegalStateException.class,
                    () -> ports.get(1).connect(Loopback.IPV4.address(9))));
        }
    }

    /** By then the other member has closed its port and ended. */
    @ParameterizedTest
    @MethodSource("steerings")
    void aShutdownHookOfOneMemberFindsItsPortOpenWhileTheOthersClose(Steering steering) throws Exception {
        var threads = new CopyOnWriteArrayList<Thread>();
        try (var group = ReactorGroup.open(2, steering, new int[0], (name, task) -> {
            threads.add(Thread.ofPlatform().name(name).unstarted(task));
            return threads.getLast();
        })) {
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            var finished = new CompletableFuture<Void>();
            var inHook = new CountDownLatch(1);
            GroupTraffic.call(group.reactor(0), () -> {
                group.reactor(0).onShutdown(() -> {
                    inHook.countDown();
                    return finished;
                });
                return 0;
            });
            group.stop();
            assertTrue(inHook.await(20, TimeUnit.SECONDS));
            threads.get(1).join();
            try {
                assertEquals(2, group.statistics().size());
                GroupTraffic.call(group.reactor(0),
                        () -> ports.getFirst().write(new byte[1], ports.getFirst().localAddress()));
            } finally {
                finished.complete(null);
            }
            group.awaitStop();
            assertEquals(2, group.statistics().size());
        }
    }
}
