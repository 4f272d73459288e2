package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.clock.Call;
import dev.salvo.testing.Needs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** callLater makes each call after its delay and never earlier. A call that throws does not affect the others. */
@Tag("loopback")
class CallLaterTest {

    @Test
    void aCallWithoutDelayIsMadeInTheNextTurn() throws Exception {
        var made = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                made.add("outer");
                reactor.callLater(Duration.ZERO, () -> made.add("inner"));
                // The loop finishes this turn: "second" is still made, "inner" is not.
                reactor.stop();
            });
            reactor.callLater(Duration.ZERO, () -> made.add("second"));
            Loop.run(reactor);
        }
        assertEquals(List.of("outer", "second"), made);
    }

    @Test
    void callsAreMadeInTheOrderOfTheirDelaysAndNeverEarly() throws Exception {
        var made = new ArrayList<Integer>();
        var early = new ArrayList<Integer>();
        var delays = List.of(30, 10, 0, 20, 1, 10);
        try (var reactor = Reactor.open()) {
            for (int delay : delays) {
                var due = System.nanoTime() + delay * 1_000_000L;
                reactor.callLater(Duration.ofMillis(delay), () -> {
                    made.add(delay);
                    if (System.nanoTime() < due) {
                        early.add(delay);
                    }
                });
            }
            Loop.runUntil(reactor, () -> made.size() == delays.size());
        }
        assertEquals(delays.stream().sorted().toList(), made);
        assertEquals(List.of(), early);
    }

    /** epoll_pwait2 takes nanoseconds. A loop that rounded up to milliseconds would take 200 ms here. */
    @Test
    void shortDelaysAreNotRoundedUpToMilliseconds() throws Exception {
        Needs.nanosecondWaits();
        var left = new int[]{200};
        var begin = System.nanoTime();
        try (var reactor = Reactor.open()) {
            var again = new Call[1];
            again[0] = () -> {
                if (left[0]-- == 0) {
                    reactor.stop();
                } else {
                    reactor.callLater(Duration.ofNanos(10_000), again[0]);
                }
            };
            reactor.callLater(Duration.ZERO, again[0]);
            Loop.run(reactor);
        }
        assertTrue(System.nanoTime() - begin < 150_000_000, () -> (System.nanoTime() - begin) / 1_000_000 + " ms");
    }

    @Test
    void aCancelledCallIsNotMade() throws Exception {
        var made = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            var cancelled = reactor.callLater(Duration.ofMillis(1), () -> made.add("never"));
            cancelled.cancel();
            reactor.callLater(Duration.ofMillis(5), reactor::stop);
            Loop.run(reactor);
        }
        assertEquals(List.of(), made);
    }

    @Test
    void delaysThatOverflowALongAreAccepted() throws Exception {
        try (var reactor = Reactor.open()) {
            assertTrue(reactor.callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> {}).active());
            assertTrue(reactor.callLater(Duration.ofDays(36_501), () -> {}).active());
            assertTrue(reactor.callLater(Duration.ofDays(36_500), () -> {}).active());
            Loop.turns(reactor, 3);
        }
    }

    @Test
    void negativeDelaysAreRefused() throws Exception {
        try (var reactor = Reactor.open()) {
            for (var delay : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE),
                    Duration.ofDays(-200_000))) {
                assertThrows(IllegalArgumentException.class, () -> reactor.callLater(delay, () -> {}));
            }
        }
    }

    @Test
    void anExceptionOfACallIsLoggedAndTheLoopGoesOn() throws Exception {
        var made = new ArrayList<String>();
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                throw new Exception("timer");
            });
            reactor.callLater(Duration.ZERO, () -> {
                throw new AssertionError("error");
            });
            reactor.callFromThread(() -> {
                throw new IllegalStateException("thread");
            });
            reactor.callFromThread(() -> made.add("thread"));
            reactor.callLater(Duration.ZERO, () -> made.add("timer"));
            Loop.turns(reactor, 2);
            assertEquals(List.of("thread", "timer"), made);
            assertEquals(
                    List.of(
                            "a call threw an exception: java.lang.IllegalStateException: thread",
                            "a call threw an exception: java.lang.Exception: timer",
                            "a call threw an exception: java.lang.AssertionError: error"),
                    log.lines());
        }
    }
}
