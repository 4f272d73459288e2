package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's tests of IReactorThreads, under their names. */
@Tag("loopback")
class TwistedThreadsTest {

    /** Nothing else would wake the loop for ten seconds. */
    @Test
    void wakeUp() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callInThread(() -> reactor.callFromThread(reactor::stop));
            Loop.run(reactor);
        }
    }

    @Test
    void callFromThreadStops() throws Exception {
        var events = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callFromThread(() -> {
                reactor.callFromThread(() -> {
                    events.add("thread call");
                    reactor.stop();
                });
                reactor.callLater(Duration.ZERO, () -> events.add("timer"));
            });
            Loop.run(reactor);
        }
        assertEquals(List.of("timer", "thread call"), events);
    }

    @Test
    void lotsOfThreadsAreScheduledCorrectly() throws Exception {
        var counter = new int[1];
        try (var reactor = Reactor.open()) {
            for (int i = 0; i < 100; i++) {
                reactor.callFromThread(() -> counter[0]++);
            }
            Loop.turns(reactor, 1);
        }
        assertEquals(100, counter[0]);
    }

    @Test
    void threadsAreRunInScheduledOrder() throws Exception {
        var order = new ArrayList<Integer>();
        try (var reactor = Reactor.open()) {
            for (int i = 1; i <= 3; i++) {
                int number = i;
                reactor.callFromThread(() -> order.add(number));
            }
            reactor.callFromThread(() -> reactor.callFromThread(reactor::stop));
            Loop.run(reactor);
        }
        assertEquals(List.of(1, 2, 3), order);
    }

    @Test
    void scheduledThreadsNotRunUntilReactorRuns() throws Exception {
        var counter = new int[1];
        try (var reactor = Reactor.open()) {
            reactor.callFromThread(() -> counter[0]++);
            assertEquals(0, counter[0]);
            Loop.turns(reactor, 1);
        }
        assertEquals(1, counter[0]);
    }

    @Test
    void delayedCallFromThread() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> reactor.callFromThread(reactor::stop));
            var before = reactor.seconds();
            Loop.run(reactor);
            assertTrue(reactor.seconds() - before < 5);
        }
    }

    @Test
    void callFromThread() throws Exception {
        var threads = new ArrayList<Thread>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(
                    Duration.ZERO,
                    () -> reactor.callInThread(() -> reactor.callFromThread(() -> {
                        threads.add(Thread.currentThread());
                        reactor.stop();
                    })));
            Loop.run(reactor);
        }
        assertEquals(List.of(Thread.currentThread()), threads);
    }

    /** twisted/test/test_threads.py: test_callInThread. */
    @Test
    void callInThread() throws Exception {
        var threads = new ArrayList<Thread>();
        try (var reactor = Reactor.open()) {
            reactor.callInThread(() -> {
                var own = Thread.currentThread();
                reactor.callFromThread(() -> {
                    threads.add(own);
                    reactor.stop();
                });
            });
            Loop.run(reactor);
        }
        assertNotSame(Thread.currentThread(), threads.getFirst());
    }

    /** twisted/test/test_threads.py: a hundred thousand wake-ups do not block on a full pipe. */
    @Test
    void wakerOverflow() throws Exception {
        var count = new int[1];
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                var thread = Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        reactor.callFromThread(() -> count[0]++);
                    }
                });
                thread.join();
            });
            Loop.runUntil(reactor, () -> count[0] == 100_000);
        }
        assertEquals(100_000, count[0]);
    }

    /** Twisted's isInIOThread: the thread that runs the reactor is its I/O thread. */
    @Test
    void isInIOThread() throws Exception {
        var threads = new ArrayList<Thread>();
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(() -> threads.add(Thread.currentThread()));
            Loop.turns(reactor, 1);
        }
        assertSame(Thread.currentThread(), threads.getFirst());
    }
}
