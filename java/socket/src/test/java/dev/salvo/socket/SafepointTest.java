package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.Readiness;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Trap 25: a critical downcall that blocks keeps the whole JVM from reaching a safepoint. Here one thread waits in the
 * kernel while another collects garbage.
 */
@OnLoopback
record SafepointTest(Loopback loopback) {

    private static final long WAIT_NANOS = 2_000_000_000;

    private static void assertCollectsMeanwhile(Callable<Integer> waiting) throws Exception {
        var entered = new CountDownLatch(1);
        var task = new FutureTask<>(() -> {
            entered.countDown();
            return waiting.call();
        });
        var start = System.nanoTime();
        Thread.ofPlatform().daemon().start(task);
        entered.await();
        // Long enough for the thread to enter the kernel, and much shorter than the two seconds that it stays there.
        Thread.sleep(200);
        System.gc();
        var collected = System.nanoTime() - start;
        assertTrue(!task.isDone() && collected < WAIT_NANOS * 3 / 4,
                "collected only after " + collected / 1_000_000 + " ms");
        assertEquals(0, task.get(30, TimeUnit.SECONDS), "nothing was to come");
    }

    @Test
    void garbageIsCollectedWhileASocketIsAwaited() throws Exception {
        assertCollectsMeanwhile(() -> {
            try (var socket = loopback.bound()) {
                return socket.awaitReadable(Duration.ofNanos(WAIT_NANOS)) ? 1 : 0;
            }
        });
    }

    @Test
    void garbageIsCollectedWhileAPollerWaits() throws Exception {
        assertCollectsMeanwhile(() -> {
            try (var socket = loopback.bound();
                    var poller = EpollPoller.open()) {
                poller.add(socket, Readiness.READABLE, socket);
                return poller.await(WAIT_NANOS);
            }
        });
    }
}
