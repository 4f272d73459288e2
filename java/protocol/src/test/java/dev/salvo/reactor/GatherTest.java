package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Call;
import dev.salvo.kernel.Flight;
import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Reactor#gather}: the time from the poll that reports a datagram until the datagram is received. */
@Tag("fault")
@Timeout(60)
class GatherTest {

    private static final Duration TIME = Duration.ofMillis(10);
    private static final int ROUNDS = 20;

    private final List<Long> nanos = new ArrayList<>();
    private long polledAt;

    /** An action of the test after the kernel's poll. */
    private interface Play {

        void run(Peer peer, DatagramTransport port) throws IOException;
    }

    private static boolean sleeps(Call poll) {
        return BusyPollTest.timeout(poll.memory(3)) != 0;
    }

    /** The peer sends a datagram before each poll that the predicate accepts. The loop stops after ROUNDS datagrams. */
    private void serve(FaultyReactor faulty, Peer peer, Predicate<Call> polls, Play afterwards) throws Exception {
        var received = new int[1];
        var port = faulty.listen(
                (datagram, transport) -> {
                    if (++received[0] == ROUNDS) {
                        faulty.reactor.stop();
                    }
                },
                Loopback.IPV4.options());
        faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
            try {
                var sends = polls.test(call);
                if (sends) {
                    peer.send(port, "a");
                }
                var events = call.passOn();
                polledAt = System.nanoTime();
                if (sends) {
                    afterwards.run(peer, port);
                }
                return events;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        faulty.kernel.always(Syscall.RECVMMSG, call -> {
            nanos.add(System.nanoTime() - polledAt);
            return call.passOn();
        });
    }

    private boolean anyReceivedSooner() {
        return nanos.stream().anyMatch(time -> time < TIME.toNanos());
    }

    /** A permit that is left over from LockSupport.unpark must not end the waiting. */
    @Test
    void aDatagramThatWakesTheLoopIsReceivedAfterTheGatherTime() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            serve(faulty, peer, GatherTest::sleeps, (to, port) -> LockSupport.unpark(Thread.currentThread()));
            faulty.reactor.gather(TIME);
            Loop.run(faulty.reactor);
            assertTrue(nanos.size() >= ROUNDS && !anyReceivedSooner(), nanos::toString);
        }
    }

    /**
     * A datagram that is there when the loop polls is received at once. One fast round is enough, since the machine may
     * be busy in the others.
     */
    @Test
    void aBusyLoopDoesNotWait() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            serve(faulty, peer, poll -> true, (to, port) -> {});
            faulty.reactor.gather(TIME);
            Loop.run(faulty.reactor);
            assertTrue(nanos.size() >= ROUNDS && anyReceivedSooner(), nanos::toString);
        }
    }

    @Test
    void gatheringCanBeSwitchedOffWhileTheLoopRuns() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            serve(faulty, peer, GatherTest::sleeps, (to, port) -> {});
            faulty.reactor.gather(TIME);
            faulty.reactor.callWhenRunning(() -> faulty.reactor.gather(Duration.ZERO));
            Loop.run(faulty.reactor);
            assertTrue(nanos.size() >= ROUNDS && anyReceivedSooner(), nanos::toString);
        }
    }

    @Test
    void aDatagramThatEndsBusyPollingIsGatheredToo() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var polls = new int[1];
            serve(faulty, peer, poll -> ++polls[0] % 5 == 0, (to, port) -> {});
            faulty.reactor.gather(TIME);
            faulty.reactor.busyPoll(Duration.ofSeconds(1));
            Loop.run(faulty.reactor);
            assertTrue(nanos.size() >= ROUNDS && !anyReceivedSooner(), nanos::toString);
        }
    }

    /** The loop reads the clock when the gathering begins. At that moment the peer sends another datagram. */
    @Test
    void datagramsThatArriveMeanwhileAreReceivedByTheSameCall() throws Exception {
        var meanwhile = new Runnable[]{() -> {}};
        try (var peer = Peer.open(Loopback.IPV4);
                var faulty = new FaultyReactor(() -> {
                    var play = meanwhile[0];
                    meanwhile[0] = () -> {};
                    play.run();
                    return System.nanoTime();
                })) {
            var messages = new ArrayList<Long>();
            serve(faulty, peer, GatherTest::sleeps, (to, port) -> meanwhile[0] = () -> {
                try {
                    to.send(port, "b");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            faulty.kernel.always(Syscall.RECVMMSG, call -> {
                messages.add(call.passOn());
                return messages.getLast();
            });
            faulty.reactor.gather(Duration.ofNanos(1));
            Loop.run(faulty.reactor);
            assertEquals(List.of(2L, 2L, 2L), messages.subList(0, 3));
        }
    }

    /** The turn that the flight recorder measures begins after the gathering. */
    @Test
    void theGatherTimeIsNotPartOfALoopStall() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4);
                var flight = new Flight("salvo.LoopStall")) {
            serve(faulty, peer, GatherTest::sleeps, (to, port) -> {});
            faulty.reactor.gather(TIME);
            Loop.run(faulty.reactor);
            var turns = flight.stop("salvo.LoopStall").stream()
                    .filter(turn -> turn.getInt("events") == 1)
                    .map(RecordedEvent::getDuration)
                    .toList();
            assertTrue(turns.size() >= ROUNDS, turns::toString);
            assertTrue(turns.stream().anyMatch(turn -> turn.compareTo(TIME) < 0), turns::toString);
        }
    }

    /** Sleeping ends at once in an interrupted thread, so the loop would spin. */
    @Test
    void anInterruptedThreadDoesNotWait() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            serve(faulty, peer, GatherTest::sleeps, (to, port) -> {});
            faulty.reactor.gather(TIME);
            Thread.currentThread().interrupt();
            Loop.run(faulty.reactor);
            assertTrue(nanos.size() >= ROUNDS && anyReceivedSooner(), nanos::toString);
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void gatherTimesAreFromZeroToTenMilliseconds() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.gather(TIME);
            for (var wrong : List.of(Duration.ofNanos(-1), TIME.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
                assertThrows(IllegalArgumentException.class, () -> reactor.gather(wrong));
            }
        }
    }
}
