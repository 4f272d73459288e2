package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any thread can wake the thread that waits in a poller. No signal is lost between a take and the next wait. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventFdTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void takeReturnsWhetherItWasSignalled() throws SyscallException {
        try (var wake = EventFd.open()) {
            assertFalse(wake.take());
            wake.signal();
            wake.signal();
            assertTrue(wake.take());
            assertFalse(wake.take());
        }
    }

    @Test
    void aSignalWakesAndStaysUntilItIsTaken() throws SyscallException {
        try (var poller = EpollPoller.open();
                var wake = EventFd.open()) {
            poller.add(wake, "wake");
            assertEquals(0, poller.await(0));
            Thread.ofPlatform().start(wake::signal);
            assertEquals(1, poller.await(10 * SECOND));
            assertSame("wake", poller.attachment(0));
            assertEquals(1, poller.await(0));
            assertTrue(wake.take());
            assertEquals(0, poller.await(0));
        }
    }

    @Test
    void signalsOfManyThreadsAreAllSeen() throws SyscallException {
        var threads = 8;
        var each = 20_000;
        var left = new AtomicInteger();
        int seen = 0;
        try (var poller = EpollPoller.open();
                var wake = EventFd.open();
                var executor = Executors.newFixedThreadPool(threads)) {
            poller.add(wake, "wake");
            for (int i = 0; i < threads; i++) {
                executor.execute(() -> {
                    for (int n = 0; n < each; n++) {
                        left.incrementAndGet();
                        wake.signal();
                    }
                });
            }
            while (seen < threads * each) {
                assertEquals(1, poller.await(10 * SECOND), "a signal was lost at " + seen);
                assertTrue(wake.take());
                seen += left.getAndSet(0);
            }
        }
        assertEquals(threads * each, seen);
    }
}
