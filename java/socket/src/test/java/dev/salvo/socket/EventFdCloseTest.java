package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.Kernels;
import java.lang.foreign.Arena;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Trap 18, the one use by another thread that there is: a signal that races with close never writes to the descriptor
 * that got the number next.
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
                        // Without a pause the closing thread hardly ever gets the lock.
                        for (var pause = signals.incrementAndGet() % 50; pause > 0; pause--) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            try {
                for (var end = System.nanoTime() + HAMMER_NANOS; System.nanoTime() < end;) {
                    var closing = current.eventFd;
                    var number = closing.fileDescriptor().number();
                    closing.close();
                    var stranger = kernel.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK());
                    if (stranger == number) {
                        reused++;
                    }
                    for (int pause = 0; pause < 100; pause++) {
                        Thread.onSpinWait();
                    }
                    assertEquals(-Errno.EAGAIN, kernel.read(stranger, count, Long.BYTES), "somebody wrote to it");
                    assertEquals(0, kernel.close(stranger));
                    current.eventFd = EventFd.open();
                }
            } finally {
                done.set(true);
                current.eventFd.close();
            }
        }
        assertTrue(reused > 1_000, "the number was reused " + reused + " times only");
        assertTrue(signals.get() > 1_000, signals + " signals only");
    }
}
