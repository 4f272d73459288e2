package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.clock.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call from another thread is made, on the reactor's thread. The calls of one thread are made in order. Calls do
 * not hold up timers.
 */
@Tag("loopback")
class CallFromThreadTest {

    @Test
    void callsOfOneThreadAreMadeInOrderOnTheReactorsThread() throws Exception {
        var made = new ArrayList<Integer>();
        var done = new CountDownLatch(1);
        try (var running = ReactorThread.start()) {
            for (int i = 0; i < 10_000; i++) {
                int number = i;
                running.reactor().callFromThread(() -> {
                    assertSame(running.thread(), Thread.currentThread());
                    made.add(number);
                });
            }
            running.reactor().callFromThread(done::countDown);
            assertTrue(done.await(10, TimeUnit.SECONDS));
            for (int i = 0; i < 10_000; i++) {
                assertEquals(i, made.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsOfManyThreadsAreAllMade(boolean virtual) throws Exception {
        var threads = new ArrayList<Thread>();
        var last = new int[8];
        var inOrder = new AtomicBoolean(true);
        var done = new CountDownLatch(8 * 5_000);
        try (var running = ReactorThread.start()) {
            var reactor = running.reactor();
            for (int i = 0; i < 8; i++) {
                int thread = i;
                Runnable calling = () -> {
                    for (int call = 1; call <= 5_000; call++) {
                        int number = call;
                        reactor.callFromThread(() -> {
                            inOrder.compareAndSet(true, last[thread] + 1 == number);
                            last[thread] = number;
                            done.countDown();
                        });
                    }
                };
                threads.add((virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(calling));
            }
            assertTrue(done.await(20, TimeUnit.SECONDS), () -> done.getCount() + " calls are missing");
            assertTrue(inOrder.get());
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    /** Single calls, each of which finds the loop asleep or about to sleep. A lost wake-up would hang the test. */
    @Test
    void everyCallWakesTheLoop() throws Exception {
        try (var running = ReactorThread.start()) {
            for (int i = 0; i < 20_000; i++) {
                int number = i;
                assertEquals(number, running.call(() -> number));
            }
        }
    }

    /** Twisted's testCallFromThreadStops. */
    @Test
    void aCallThatAddsItselfAgainDoesNotHoldUpTimers() throws Exception {
        var turns = new AtomicInteger();
        try (var reactor = Reactor.open()) {
            var again = new Call[1];
            again[0] = () -> {
                turns.incrementAndGet();
                reactor.callFromThread(again[0]);
            };
            reactor.callFromThread(again[0]);
            reactor.callLater(Duration.ofMillis(20), reactor::stop);
            Loop.run(reactor);
        }
        assertTrue(turns.get() > 1);
    }

    @Test
    void aCallAddedByACallIsMadeInTheNextTurn() throws Exception {
        var made = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callFromThread(() -> {
                made.add("first");
                reactor.callLater(Duration.ZERO, () -> made.add("timer"));
                reactor.callFromThread(() -> {
                    made.add("inner");
                    reactor.stop();
                });
            });
            reactor.callFromThread(() -> made.add("second"));
            Loop.run(reactor);
        }
        assertEquals(List.of("first", "second", "timer", "inner"), made);
    }

    @Test
    void callsBeforeTheLoopRunsAreKept() throws Exception {
        var made = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callFromThread(() -> made.add("mine"));
            Thread.ofPlatform().start(() -> reactor.callFromThread(() -> made.add("another's"))).join();
            assertEquals(List.of(), made);
            Loop.turns(reactor, 1);
        }
        assertEquals(List.of("mine", "another's"), made);
    }

    @Test
    void nothingIsCalledAfterTheReactorHasStopped() throws Exception {
        var made = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> reactor.callFromThread(() -> made.add("in the last turn")));
            Loop.turns(reactor, 1);
            reactor.callFromThread(() -> made.add("after it"));
        }
        assertEquals(List.of(), made);
    }

    @Test
    void aFutureCompletesOnTheReactorsThread() throws Exception {
        try (var running = ReactorThread.start()) {
            var completedOn = CompletableFuture.supplyAsync(() -> "answer")
                    .thenApplyAsync(answer -> Thread.currentThread(), running.reactor());
            assertSame(running.thread(), completedOn.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void executedTasksKeepTheirOrderAmongCallsAndMayThrow() throws Exception {
        var made = new ArrayList<String>();
        try (var log = CapturedLog.open(); var reactor = Reactor.open()) {
            reactor.callFromThread(() -> made.add("first"));
            reactor.execute(() -> {
                made.add("second");
                throw new IllegalStateException("no");
            });
            reactor.callFromThread(() -> made.add("third"));
            Loop.turns(reactor, 1);
            assertEquals(List.of("first", "second", "third"), made);
            assertEquals(1, log.lines().size());
        }
    }
}
