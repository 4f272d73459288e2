package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Recorder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A system call or a protocol of one member fails. The group goes on or ends, and no thread waits forever. */
@Tag("loopback")
class GroupFailuresTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    /** Only member 1 uses the scripted kernel. The threads are daemons, so that a failed test ends. */
    private static ReactorGroup open(int members, Steering steering, ScriptedKernel kernel) throws Exception {
        return ReactorGroup.open(members, steering, new int[0],
                (name, task) -> Thread.ofPlatform().daemon().name(name).unstarted(name.endsWith("1")
                        ? () -> ScopedValue.where(Kernels.SCRIPTED, kernel).run(task)
                        : task));
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    @SuppressWarnings("try")
    void aPortWhoseSocketIsClosedDoesNotBlockTheGroup() throws Exception {
        try (var log = CapturedLog.open(java.util.logging.Level.SEVERE)) {
            var group = open(2, Steering.payloadByte(0), new ScriptedKernel());
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            GroupTraffic.call(group.reactor(1), () -> {
                ports.get(1).socket().close();
                return 0;
            });
            assertEquals(2, group.statistics().size());
            soon(CompletableFuture.runAsync(group::close));
            assertEquals(2, group.statistics().size());
        }
    }

    @Test
    void anErrorInStartProtocolLeavesNothingOpen() throws Exception {
        var reason = new AssertionError("not here");
        int number;
        try (var reactor = Reactor.open()) {
            number = reactor.listenUdp(0, new Recorder(), OPTIONS).localAddress().port();
        }
        try (var group = ReactorGroup.open(3)) {
            var e = assertThrows(AssertionError.class, () -> group.listenUdp(number, i -> {
                if (i == 2) {
                    throw reason;
                }
                return new Recorder();
            }, OPTIONS));
            assertSame(reason, e);
            assertEquals(List.of(), group.statistics());
            try (var other = Reactor.open()) {
                other.listenUdp(number, new Recorder(), OPTIONS);
            }
        }
    }

    @Test
    void anErrnoWithoutPinsIsNotReportedAsAMissingCpu() {
        var kernel = new ScriptedKernel();
        kernel.next(Syscall.EPOLL_CREATE1, Answer.error(Errno.EINVAL));
        var e = assertThrows(SyscallException.class, () -> open(2, Steering.hash(), kernel));
        assertEquals(Errno.EINVAL, e.errno());
    }
}
