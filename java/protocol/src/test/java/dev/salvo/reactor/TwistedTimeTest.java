package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loop;
import dev.salvo.protocol.clock.AlreadyCalledException;
import dev.salvo.protocol.clock.AlreadyCancelledException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.protocol.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's tests of IReactorTime, under their names. */
@Tag("loopback")
class TwistedTimeTest {

    private static final Call NOTHING = () -> {};

    @Test
    void seconds() throws Exception {
        try (var reactor = Reactor.open()) {
            var first = reactor.seconds();
            var second = reactor.seconds();
            assertTrue(0 <= first && first <= second && second < 60, first + ", " + second);
        }
    }

    @Test
    void callLaterUsesReactorSecondsInDelayedCall() throws Exception {
        var clock = new ManualClock();
        clock.advance(Duration.ofSeconds(100));
        assertEquals(105, clock.callLater(Duration.ofSeconds(5), NOTHING).getTime());
    }

    @Test
    void callLater() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, reactor::stop);
            Loop.run(reactor);
        }
    }

    @Test
    void callLaterReset() throws Exception {
        try (var reactor = Reactor.open()) {
            var call = reactor.callLater(Duration.ofSeconds(2), NOTHING);
            var original = call.getTime();
            call.reset(Duration.ofSeconds(1));
            assertNotEquals(original, call.getTime());
        }
    }

    @Test
    void cancelDelayedCall() throws Exception {
        var called = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> called.add("cancelled")).cancel();
            Loop.turns(reactor, 2);
        }
        assertEquals(List.of(), called);
    }

    @Test
    void cancelCancelledDelayedCall() throws Exception {
        try (var reactor = Reactor.open()) {
            var call = reactor.callLater(Duration.ZERO, NOTHING);
            call.cancel();
            assertThrows(AlreadyCancelledException.class, call::cancel);
            assertThrows(AlreadyCancelledException.class, () -> call.reset(Duration.ZERO));
            assertThrows(AlreadyCancelledException.class, () -> call.delay(Duration.ZERO));
        }
    }

    @Test
    void cancelCalledDelayedCallSynchronous() throws Exception {
        var call = new ArrayList<DelayedCall>();
        var refused = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            call.add(reactor.callLater(Duration.ZERO, () -> {
                assertThrows(AlreadyCalledException.class, call.getFirst()::cancel);
                refused.add("cancel");
                assertThrows(AlreadyCalledException.class, () -> call.getFirst().reset(Duration.ZERO));
                refused.add("reset");
                assertThrows(AlreadyCalledException.class, () -> call.getFirst().delay(Duration.ZERO));
                refused.add("delay");
            }));
            Loop.turns(reactor, 1);
        }
        assertEquals(List.of("cancel", "reset", "delay"), refused);
    }

    @Test
    void cancelCalledDelayedCallAsynchronous() throws Exception {
        try (var reactor = Reactor.open()) {
            var call = reactor.callLater(Duration.ZERO, NOTHING);
            Loop.phases(reactor, () -> {}, () -> assertThrows(AlreadyCalledException.class, call::cancel));
        }
    }

    @Test
    void callLaterTime() throws Exception {
        try (var reactor = Reactor.open()) {
            var before = reactor.seconds();
            var due = reactor.callLater(Duration.ofSeconds(10), NOTHING).getTime();
            var after = reactor.seconds();
            assertTrue(before + 10 <= due && due <= after + 10, before + ", " + due + ", " + after);
        }
    }

    @Test
    void delayedCallStringification() throws Exception {
        var clock = new ManualClock();
        var call = clock.callLater(Duration.ZERO, new Named("hello"));
        assertEquals("DelayedCall[hello, due in 0.000 s]", call.toString());
        call.reset(Duration.ofSeconds(5));
        assertEquals("DelayedCall[hello, due in 5.000 s]", call.toString());
        call.cancel();
        assertEquals("DelayedCall[hello, cancelled]", call.toString());
        var called = clock.callLater(Duration.ZERO, new Named("called"));
        clock.advance(Duration.ZERO);
        assertEquals("DelayedCall[called, called]", called.toString());
    }

    /** DelayedCallMixin: the state, the time left, what is called. */
    @Test
    void str() throws Exception {
        var clock = new ManualClock();
        clock.advance(Duration.ofMillis(1_500));
        var call = clock.callLater(Duration.ofMillis(10_500), new Named("nothing"));
        assertEquals("DelayedCall[nothing, due in 10.500 s]", call.toString());
    }

    private record Named(String name) implements Call {
        @Override
        public void run() {}

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void delayedCallSecondsOverride() throws Exception {
        var clock = new ManualClock();
        clock.advance(Duration.ofSeconds(10));
        var call = clock.callLater(Duration.ZERO, NOTHING);
        assertEquals(10, call.getTime());
        call.reset(Duration.ofSeconds(3));
        assertEquals(13, call.getTime());
    }

    @Test
    void getDelayedCalls() throws Exception {
        try (var reactor = Reactor.open()) {
            var mine = new ArrayList<DelayedCall>();
            var seen = new ArrayList<Integer>();
            for (int delay : List.of(35, 20, 30, 25, 26)) {
                mine.add(reactor.callLater(Duration.ofMillis(delay), () -> {
                    mine.removeIf(call -> !call.active());
                    assertTrue(reactor.getDelayedCalls().containsAll(mine));
                    seen.add(mine.size());
                }));
            }
            var cancelled = reactor.callLater(Duration.ofMillis(29), NOTHING);
            assertTrue(reactor.getDelayedCalls().contains(cancelled));
            cancelled.cancel();
            assertEquals(Set.copyOf(mine), Set.copyOf(reactor.getDelayedCalls()));
            Loop.runUntil(reactor, () -> seen.size() == 5);
            assertEquals(List.of(4, 3, 2, 1, 0), seen);
        }
    }

    @Test
    void active() throws Exception {
        try (var reactor = Reactor.open()) {
            var call = reactor.callLater(Duration.ofMillis(10), reactor::stop);
            assertTrue(call.active());
            Loop.run(reactor);
            assertFalse(call.active());
        }
    }

    @Test
    void delayedCallStopsReactor() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, reactor::stop);
            reactor.run();
        }
    }

    @Test
    void distantDelayedCall() throws Exception {
        try (var reactor = Reactor.open()) {
            var call = reactor.callLater(Duration.ofSeconds(Long.MAX_VALUE), NOTHING);
            reactor.callFromThread(() -> reactor.callFromThread(reactor::stop));
            reactor.run();
            assertTrue(call.active());
            assertEquals(List.of(call), reactor.getDelayedCalls());
        }
    }

    /** A call is only equal to itself. */
    @Test
    void eq() {
        var clock = new ManualClock();
        var zero = clock.callLater(Duration.ZERO, NOTHING);
        var another = clock.callLater(Duration.ZERO, NOTHING);
        assertEquals(zero, zero);
        assertNotEquals(zero, another);
    }
}
