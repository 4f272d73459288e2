package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.Loop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** callInThread runs blocking calls on at most ten daemon threads while the loop runs. */
@Tag("loopback")
class CallInThreadTest {

    @Test
    void atMostTenCallsRunAtOnceAndTheRestAreQueued() throws Exception {
        var atATime = new AtomicInteger();
        var most = new AtomicInteger();
        var tenAreRunning = new CountDownLatch(10);
        var done = new CountDownLatch(30);
        var threads = new ConcurrentLinkedQueue<Thread>();
        try (var running = ReactorThread.start()) {
            for (int i = 0; i < 30; i++) {
                running.reactor().callInThread(() -> {
                    most.accumulateAndGet(atATime.incrementAndGet(), Math::max);
                    threads.add(Thread.currentThread());
                    tenAreRunning.countDown();
                    assertTrue(tenAreRunning.await(10, TimeUnit.SECONDS));
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
    void anExceptionOfACallIsLogged() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            reactor.callInThread(() -> {
                throw new Exception("blocked");
            });
            Loop.runUntil(reactor, () -> !log.lines().isEmpty());
            assertEquals(List.of("a call threw an exception: java.lang.Exception: blocked"), log.lines());
        }
    }

    /** Ten calls that run when the loop ends go on without interruption. A call that is still queued is dropped. */
    @Test
    void theEndOfTheLoopNeitherWaitsForCallsNorStartsQueuedOnes() throws Exception {
        var running = new CountDownLatch(10);
        var goOn = new CountDownLatch(1);
        var ended = new CountDownLatch(10);
        var queuedCallMade = new AtomicBoolean();
        try (var reactor = Reactor.open()) {
            for (int i = 0; i < 10; i++) {
                reactor.callInThread(() -> {
                    running.countDown();
                    goOn.await();
                    ended.countDown();
                });
            }
            reactor.callInThread(() -> queuedCallMade.set(true));
            Loop.runUntil(reactor, () -> running.getCount() == 0);
            assertEquals(10, ended.getCount());
        }
        goOn.countDown();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        assertFalse(queuedCallMade.get());
    }

    /** The call is ignored without an exception, since other threads cannot know that the reactor has stopped. */
    @Test
    void aCallAfterTheEndOfTheLoopIsIgnored() throws Exception {
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

    /** A hook may run a call in a thread, and return a stage that waits for it. */
    @Test
    void shutdownHooksMayUseCallInThread() throws Exception {
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
