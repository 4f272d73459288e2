package dev.salvo.reactor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.timespec;
import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import dev.salvo.protocol.clock.Call;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Reactor#busyPoll}, on a clock that advances by a microsecond with each poll. */
@Tag("fault")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BusyPollTest {

    private static final long MICRO = 1_000;
    private static final long FOR_EVER = -1;

    private long now;
    /** The timeouts of the polls so far, in nanoseconds. */
    private final List<Long> timeouts = new ArrayList<>();

    private FaultyReactor open(Call atEachPoll) throws Exception {
        var faulty = new FaultyReactor(() -> now);
        faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
            now += MICRO;
            timeouts.add(timeout(call.memory(3)));
            try {
                atEachPoll.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return call.passOn();
        });
        return faulty;
    }

    /** Returns a timeout in nanoseconds. */
    static long timeout(MemorySegment memory) {
        return memory.equals(MemorySegment.NULL)
                ? FOR_EVER
                : memory.get(JAVA_LONG, timespec.tv_sec$offset()) * 1_000_000_000
                        + memory.get(JAVA_LONG, timespec.tv_nsec$offset());
    }

    private static Duration micros(int micros) {
        return Duration.ofNanos(micros * MICRO);
    }

    /** Stops the reactor during the first poll that would sleep. The stop wakes that poll. */
    private FaultyReactor openAndStopAtTheFirstSleep() throws Exception {
        var opened = new FaultyReactor[1];
        opened[0] = open(() -> {
            if (timeouts.getLast() != 0) {
                opened[0].reactor.stop();
            }
        });
        return opened[0];
    }

    @Test
    void theLoopPollsForTheGivenTimeAndThenSleeps() throws Exception {
        try (var faulty = openAndStopAtTheFirstSleep()) {
            faulty.reactor.busyPoll(micros(10));
            faulty.reactor.run();
            // The first poll finds nothing ready, and ten more take the 10 microseconds. Later polls belong to the
            // stop.
            var expected = new ArrayList<>(Collections.nCopies(11, 0L));
            expected.add(FOR_EVER);
            assertEquals(expected, timeouts.subList(0, 12));
        }
    }

    @Test
    void theSleepEndsAtTheNextTimer() throws Exception {
        try (var faulty = openAndStopAtTheFirstSleep()) {
            faulty.reactor.busyPoll(micros(10));
            faulty.reactor.callLater(micros(100), () -> {});
            faulty.reactor.run();
            assertEquals(micros(90).toNanos(), timeouts.get(11));
        }
    }

    @Test
    void aDueTimerEndsBusyPolling() throws Exception {
        try (var faulty = open(() -> {})) {
            faulty.reactor.busyPoll(Duration.ofSeconds(1));
            var due = new double[1];
            faulty.reactor.callLater(micros(5), () -> {
                due[0] = faulty.reactor.seconds();
                faulty.reactor.stop();
            });
            faulty.reactor.run();
            assertTrue(due[0] >= 5e-6 && due[0] < 10e-6, () -> due[0] + " s");
        }
    }

    /** A wake-up during a poll is reported by the next poll, so the loop never sleeps. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherThreadsEndBusyPolling(boolean byStop) throws Exception {
        var opened = new FaultyReactor[1];
        try (var faulty = open(() -> {
            if (timeouts.size() == 5 || timeouts.getLast() != 0) {
                var reactor = opened[0].reactor;
                Thread.ofPlatform().start(byStop ? reactor::stop : () -> reactor.callFromThread(reactor::stop)).join();
            }
        })) {
            opened[0] = faulty;
            faulty.reactor.busyPoll(Duration.ofMillis(10));
            faulty.reactor.run();
            assertTrue(timeouts.size() < 10, timeouts::toString);
            assertEquals(Collections.nCopies(timeouts.size(), 0L), timeouts);
        }
    }

    @Test
    void aDatagramEndsBusyPolling() throws Exception {
        var ports = new DatagramTransport[1];
        try (var peer = Peer.open(Loopback.IPV4);
                var faulty = open(() -> {
                    if (timeouts.size() == 5) {
                        peer.send(ports[0], "a");
                    }
                })) {
            ports[0] = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.reactor.busyPoll(Duration.ofSeconds(1));
            faulty.reactor.callLater(micros(50), faulty.reactor::stop);
            faulty.kernel.always(Syscall.RECVMMSG, call -> {
                assertEquals(5, timeouts.size());
                return call.passOn();
            });
            faulty.reactor.run();
            assertEquals(1, ports[0].statistics().socket().datagramsReceived());
        }
    }

    @Test
    void busyPollingCanBeSwitchedOffWhileTheLoopRuns() throws Exception {
        try (var faulty = openAndStopAtTheFirstSleep()) {
            var reactor = faulty.reactor;
            reactor.busyPoll(Duration.ofSeconds(1));
            reactor.callLater(micros(20), () -> {
                timeouts.clear();
                reactor.busyPoll(Duration.ZERO);
            });
            reactor.run();
            assertEquals(FOR_EVER, timeouts.getFirst());
        }
    }

    @Test
    void busyPollTimesAreFromZeroToASecond() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.busyPoll(Duration.ofSeconds(1));
            for (var wrong : List.of(Duration.ofNanos(-1), Duration.ofSeconds(1, 1),
                    Duration.ofSeconds(Long.MAX_VALUE))) {
                assertThrows(IllegalArgumentException.class, () -> reactor.busyPoll(wrong));
            }
        }
    }
}
