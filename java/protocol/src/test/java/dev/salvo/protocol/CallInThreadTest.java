package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What blocks goes to at most ten daemon threads, between the beginning of the loop and its end. */
@Tag("loopback")
class CallInThreadTest {

    @Test
    void thereAreAtMostTenAndTheRestWaits() throws Exception {
        var atATime = new AtomicInteger();
        var most = new AtomicInteger();
        var tenAreThere = new CountDownLatch(10);
        var done = new CountDownLatch(30);
        var threads = new ConcurrentLinkedQueue<Thread>();
        try (var running = ReactorThread.start()) {
            for (int i = 0; i < 30; i++) {
                running.reactor().callInThread(() -> {
                    most.accumulateAndGet(atATime.incrementAndGet(), Math::max);
                    threads.add(Thread.currentThread());
                    tenAreThere.countDown();
                    assertTrue(tenAreThere.await(10, TimeUnit.SECONDS));
                    atATime.decrementAndGet();
                    done.countDown();
                });
            }
            assertTrue(done.await(20, TimeUnit.SECONDS), () -> done.getCount() + " are missing");
        }
        assertEquals(10, most.get());
        for (var thread : threads) {
            assertTrue(thread.isDaemon());
            assertTrue(thread.getName().startsWith("salvo-worker-"), thread.getName());
        }
    }

    @Test
    void nothingIsCalledBeforeTheLoopRuns() throws Exception {
        var called = new CountDownLatch(1);
        try (var reactor = Reactor.open()) {
            reactor.callInThread(called::countDown);
            assertFalse(called.await(50, TimeUnit.MILLISECONDS));
            Loop.runUntil(reactor, () -> called.getCount() == 0);
        }
    }

    @Test
    void whatItThrowsIsLogged() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            reactor.callInThread(() -> {
                throw new Exception("blocked");
            });
            Loop.runUntil(reactor, () -> !log.lines().isEmpty());
            assertEquals(List.of("call: java.lang.Exception: blocked"), log.lines());
        }
    }

    /** Ten that are running when the loop ends go on, uninterrupted; what waited for a thread is forgotten. */
    @Test
    void theEndWaitsForNoneAndBeginsNone() throws Exception {
        var running = new CountDownLatch(10);
        var goOn = new CountDownLatch(1);
        var ended = new CountDownLatch(10);
        var forgotten = new AtomicBoolean();
        try (var reactor = Reactor.open()) {
            for (int i = 0; i < 10; i++) {
                reactor.callInThread(() -> {
                    running.countDown();
                    goOn.await();
                    ended.countDown();
                });
            }
            reactor.callInThread(() -> forgotten.set(true));
            Loop.runUntil(reactor, () -> running.getCount() == 0);
            assertEquals(10, ended.getCount());
        }
        goOn.countDown();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        assertFalse(forgotten.get());
    }

    /** Also before run, and from other threads, which can't know. */
    @Test
    void afterTheEndNothingIsCalled() throws Exception {
        var called = new AtomicBoolean();
        for (boolean runs : new boolean[]{true, false}) {
            var reactor = Reactor.open();
            if (runs) {
                Loop.turns(reactor, 1);
            } else {
                reactor.callInThread(() -> called.set(true));
                reactor.close();
            }
            reactor.callInThread(() -> called.set(true));
            reactor.close();
        }
        assertFalse(called.get());
    }

    /** A hook may still have something done in a thread, and wait for it. */
    @Test
    void shutdownHooksMayUseThem() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                reactor.callInThread(() -> stage.complete("done"));
                return stage;
            });
            reactor.stop();
            Loop.run(reactor);
        }
        assertEquals("done", stage.getNow("missing"));
    }
}
