package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Trap 18, for the only use by another thread: a signal that races with close never writes to the next file under the
 * same descriptor number.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventFdCloseTest {

    private static final long HAMMER_NANOS = 2_000_000_000;

    private static final class Current {

        volatile EventFd eventFd;

        Current(EventFd eventFd) {
            this.eventFd = eventFd;
        }
    }

    @Test
    void aSignalNeverReachesTheNextDescriptor() throws SyscallException {
        var kernel = Kernels.current();
        var current = new Current(EventFd.open());
        var done = new AtomicBoolean();
        var signals = new AtomicLong();
        int reused = 0;
        try (var threads = Executors.newFixedThreadPool(2);
                var arena = Arena.ofConfined()) {
            var count = arena.allocate(Long.BYTES, Long.BYTES);
            for (int i = 0; i < 2; i++) {
                threads.execute(() -> {
                    while (!done.get()) {
                        current.eventFd.signal();
                        // Without a pause the closing thread rarely gets the lock.
                        for (var pause = signals.incrementAndGet() % 50; pause > 0; pause--) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            try {
                for (var end = System.nanoTime() + HAMMER_NANOS; System.nanoTime() < end;) {
                    var closing = current.eventFd;
                    var number = closing.descriptor();
                    closing.close();
                    var stranger = kernel.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK());
                    if (stranger == number) {
                        reused++;
                    }
                    for (int pause = 0; pause < 100; pause++) {
                        Thread.onSpinWait();
                    }
                    assertEquals(-Errno.EAGAIN, kernel.read(stranger, count, Long.BYTES), "a signal reached it");
                    assertEquals(0, kernel.close(stranger));
                    current.eventFd = EventFd.open();
                }
            } finally {
                done.set(true);
                current.eventFd.close();
            }
        }
        assertTrue(reused > 1_000, "the number was reused " + reused + " times, too few for the test");
        assertTrue(signals.get() > 1_000, signals + " signals, too few for the test");
    }
}
