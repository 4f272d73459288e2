package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.poll.EpollPoller;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * After a signal the poller returns, since its loop has other work, while awaitReadable waits for the remaining time.
 */
@Tag("fault")
class InterruptedWaitTest {

    private final ScriptedKernel kernel = new ScriptedKernel();

    @Test
    void thePollerReturnsNoEvents() throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.EINTR));

            assertEquals(0, poller.await(-1));

            assertEquals(1, kernel.calls(Syscall.EPOLL_PWAIT2).size());
        }
    }

    @Test
    void thePollerReturnsNoEventsWithMilliseconds() throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.ENOSYS));
            kernel.next(Syscall.EPOLL_WAIT, Answer.error(Errno.EINTR));

            assertEquals(0, poller.await(-1));

            assertEquals(1, kernel.calls(Syscall.EPOLL_WAIT).size());
        }
    }

    @Test
    void awaitReadableContinuesAfterASignal() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.next(Syscall.POLL, Answer.error(Errno.EINTR), Answer.error(Errno.EINTR), Answer.value(1));

            assertTrue(socket.awaitReadable(null));

            assertEquals(List.of(-1, -1, -1), timeouts());
        }
    }

    @Test
    void awaitReadableWaitsOnlyTheRemainingTime() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            Answer interruptedAfterTwentyMillis = call -> {
                sleep(20);
                return -Errno.EINTR;
            };
            kernel.next(Syscall.POLL, interruptedAfterTwentyMillis, interruptedAfterTwentyMillis);
            kernel.always(Syscall.POLL, call -> {
                sleep(call.number(2));
                return 0;
            });

            assertFalse(socket.awaitReadable(Duration.ofMillis(100)));

            var timeouts = timeouts();
            assertTrue(timeouts.get(0) <= 100, timeouts::toString);
            assertTrue(timeouts.get(1) <= 80, timeouts::toString);
            assertTrue(timeouts.get(2) <= 60, timeouts::toString);
        }
    }

    /** Durations of more nanoseconds than a long can hold, positive and negative. */
    @Test
    void awaitReadableTakesAnyDuration() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.next(Syscall.POLL, Answer.value(0), Answer.value(1), Answer.value(0));
            kernel.always(Syscall.POLL, Answer.value(1));

            assertTrue(socket.awaitReadable(ChronoUnit.FOREVER.getDuration()));
            assertFalse(socket.awaitReadable(Duration.ofSeconds(Long.MIN_VALUE)));

            assertEquals(List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, 0), timeouts());
        }
    }

    @Test
    void otherErrorsAreThrown() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
                var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.next(Syscall.POLL, Answer.error(Errno.ENOMEM));
            kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.EBADF));
            kernel.next(Syscall.EPOLL_WAIT, Answer.error(Errno.EBADF));

            assertEquals(
                    Errno.ENOMEM, assertThrows(SyscallException.class, () -> socket.awaitReadable(null)).errno());
            assertEquals(Errno.EBADF, assertThrows(SyscallException.class, () -> poller.await(0)).errno());
        }
    }

    private List<Integer> timeouts() {
        return kernel.calls(Syscall.POLL).stream().map((Call call) -> call.number(2)).toList();
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
