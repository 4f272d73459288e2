package dev.salvo.socket.poll;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.timespec;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.EpollEvent;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Without epoll_pwait2 (Linux before 5.11, a seccomp filter that does not know it) timeouts are whole milliseconds. */
@Tag("fault")
class EpollWithoutNanosecondsTest {

    private final ScriptedKernel kernel = new ScriptedKernel();

    static IntStream refusals() {
        return IntStream.of(Linux.ENOSYS(), Linux.EPERM());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void theFallbackIsImmediateAndPermanent(int errno) throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.always(Syscall.EPOLL_PWAIT2, Answer.error(errno));
            kernel.always(Syscall.EPOLL_WAIT, Answer.ready(new EpollEvent(0, Readiness.READABLE)));

            assertEquals(1, poller.await(0));
            assertEquals(1, poller.await(0));

            assertEquals(1, kernel.calls(Syscall.EPOLL_PWAIT2).size());
            assertEquals(2, kernel.calls(Syscall.EPOLL_WAIT).size());
            assertEquals(Readiness.READABLE, poller.readiness(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
            "0, 0",
            "1, 1",
            "999999, 1",
            "1000000, 1",
            "1000001, 2",
            "2500000, 3",
            "-1, -1",
            "-9223372036854775808, -1",
            "2147483647000000, 2147483647",
            "9223372036854775807, 2147483647"
    })
    void millisecondTimeoutsAreRoundedUp(long nanos, int millis) throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.always(Syscall.EPOLL_PWAIT2, Answer.error(Errno.ENOSYS));
            kernel.always(Syscall.EPOLL_WAIT, Answer.value(0));

            poller.await(nanos);

            assertEquals(millis, kernel.calls(Syscall.EPOLL_WAIT).getFirst().number(3));
        }
    }

    /** A test that scripts the wait, to act before each one, must not wait for ever on an older kernel. */
    @Test
    void aScriptOfTheWaitIsFollowedOnAKernelThatLacksTheCall() throws SyscallException {
        kernel.always(Syscall.EPOLL_PWAIT2, Answer.error(Errno.ENOSYS));
        var scripted = kernel.open(ScriptedKernel::new);
        var waits = new int[1];
        scripted.always(Syscall.EPOLL_PWAIT2, call -> {
            waits[0]++;
            return call.passOn();
        });
        try (var poller = scripted.open(() -> EpollPoller.open())) {
            assertEquals(0, poller.await(0));
            assertEquals(0, poller.await(1_500_000));
            assertEquals(2, waits[0]);
            assertEquals(List.of(0, 2), kernel.calls(Syscall.EPOLL_WAIT).stream().map(call -> call.number(3)).toList());
        }
    }

    @Test
    void errorsOfEpollWaitAreThrown() throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.ENOSYS));
            kernel.next(Syscall.EPOLL_WAIT, Answer.error(Errno.EBADF));

            assertEquals(Errno.EBADF, assertThrows(SyscallException.class, () -> poller.await(0)).errno());
        }
    }

    @Test
    void withEpollPwait2TimeoutsAreNanoseconds() throws SyscallException {
        try (var poller = kernel.open(() -> EpollPoller.open())) {
            var asked = new ArrayList<List<Long>>();
            kernel.always(Syscall.EPOLL_PWAIT2, call -> {
                var timeout = call.memory(3);
                asked.add(
                        timeout.equals(MemorySegment.NULL)
                                ? List.of()
                                : List.of(
                                        timeout.get(JAVA_LONG, timespec.tv_sec$offset()),
                                        timeout.get(JAVA_LONG, timespec.tv_nsec$offset())));
                return 0;
            });

            poller.await(0);
            poller.await(3_000_000_001L);
            poller.await(-1);

            assertEquals(List.of(List.of(0L, 0L), List.of(3L, 1L), List.<Long>of()), asked);
        }
    }
}
