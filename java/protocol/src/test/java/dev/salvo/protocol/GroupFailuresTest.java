package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a kernel or a protocol does to one member, the group outlives or ends with; nobody waits for ever. */
@Tag("loopback")
class GroupFailuresTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    /** Member 1 has the kernel. Daemons, that a test which fails may end. */
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
    void aPortThatCannotBeClosedHoldsNobodyUp() throws Exception {
        try (var log = CapturedLog.open(java.util.logging.Level.SEVERE)) {
            var group = open(2, Steering.payloadByte(0), new ScriptedKernel());
            var ports = group.listenUdp(0, i -> new Recorder(), OPTIONS);
            GroupTraffic.call(group.reactor(1), () -> {
                ports.get(1).socket().close();
                return 0;
            });
            assertThrows(IllegalStateException.class, group::statistics);
            soon(CompletableFuture.runAsync(group::close));
            assertEquals(1, group.statistics().size());
        }
    }

    /** The kernel takes what member 1 answers after it has nothing to receive any more. */
    @Test
    void aLeaverSendsWhatTheKernelWouldNotTakeAtOnce() throws Exception {
        var kernel = new ScriptedKernel();
        var takesFrom = new AtomicLong(Long.MAX_VALUE);
        kernel.always(Syscall.SENDMMSG, call -> System.nanoTime() < takesFrom.get()
                ? Answer.error(Errno.EAGAIN).to(call)
                : call.passOn());
        try (var group = open(2, Steering.payloadByte(0), kernel); var peer = Peer.open(Loopback.IPV4)) {
            var got = new CountDownLatch(1);
            var ports = group.listenUdp(0, i -> (datagram, transport) -> {
                transport.write(datagram, datagram.source());
                got.countDown();
            }, OPTIONS);
            peer.send(Loopback.IPV4.address(ports.getFirst().localAddress().port()), new byte[]{1});
            got.await();
            takesFrom.set(System.nanoTime() + 2 * Departure.AFTERMATH.toNanos());
            soon(group.leave(1).toCompletableFuture());
            assertEquals(0, group.statistics().get(1).datagramsDropped());
            assertEquals("\1", peer.receive());
        }
    }

    @Test
    void aMemberThatCannotLookLeavesAllTheSame() throws Exception {
        var kernel = new ScriptedKernel();
        try (var log = CapturedLog.open(java.util.logging.Level.SEVERE);
                var group = open(2, Steering.hash(), kernel)) {
            group.listenUdp(0, i -> new Recorder(), OPTIONS);
            kernel.next(Syscall.POLL, Answer.error(Errno.ENOMEM));
            soon(group.leave(1).toCompletableFuture());
            assertEquals(1, log.lines().size());
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

    /** 1 has inherited from 0, and is refused; then 3 leaves. */
    @Test
    void whoStaysKeepsWhatItHasInherited() throws Exception {
        var kernel = new ScriptedKernel();
        try (var group = open(4, Steering.payloadByte(0), kernel);
                var traffic = new GroupTraffic(Loopback.IPV4, group, 3)) {
            soon(group.leave(0).toCompletableFuture());
            kernel.next(Syscall.SETSOCKOPT, Answer.error(Errno.ENOMEM));
            assertThrows(Exception.class, () -> soon(group.leave(1).toCompletableFuture()));
            soon(group.leave(3).toCompletableFuture());
            traffic.sendRound(4);
            traffic.awaitAll();
            assertEquals(Map.of(0, Set.of(1), 1, Set.of(1), 2, Set.of(2), 3, Set.of(2)),
                    new TreeMap<>(traffic.membersOfId));
        }
    }

    /** The kernel's hash chooses as before: the other members' flows have not moved. */
    @Test
    void aHashGroupThatNobodyCouldLeaveHasNoProgram() throws Exception {
        var kernel = new ScriptedKernel();
        try (var group = open(3, Steering.hash(), kernel);
                var one = new GroupTraffic(Loopback.IPV4, group, 64);
                var other = new GroupTraffic(Loopback.IPV4, group, 1)) {
            one.sendRound(1);
            one.awaitAll();
            var before = Map.copyOf(one.membersOfFlow);
            kernel.next(Syscall.SETSOCKOPT, Answer.real(), Answer.error(Errno.ENOMEM));
            assertThrows(Exception.class, () -> soon(group.leave(1).toCompletableFuture()));
            one.forgetMembers();
            one.sendRound(1);
            one.awaitAll();
            assertEquals(before, one.membersOfFlow);
            other.sendRound(1);
            other.awaitAll();
        }
    }

    /** What the caller does with the refusal is done on the member's thread, which may wait for others. */
    @Test
    void whoIsToldOfARefusalMayAskTheGroup() throws Exception {
        var kernel = new ScriptedKernel();
        try (var group = open(3, Steering.hash(), kernel)) {
            group.listenUdp(0, i -> new Recorder(), OPTIONS);
            kernel.next(Syscall.SETSOCKOPT, Answer.error(Errno.ENOMEM));
            var asked = GroupTraffic.call(group.reactor(1), () -> group.leave(1).handle((done, refused) -> {
                try {
                    return soon(CompletableFuture.supplyAsync(() -> group.leave(0)));
                } catch (Exception e) {
                    throw new AssertionError("the group is locked", e);
                }
            }));
            soon(asked.toCompletableFuture().get(30, TimeUnit.SECONDS).toCompletableFuture());
        }
    }

    @Test
    void onlyAPinIsACpuThatIsNotThere() {
        var kernel = new ScriptedKernel();
        kernel.next(Syscall.EPOLL_CREATE1, Answer.error(Errno.EINVAL));
        var e = assertThrows(SyscallException.class, () -> open(2, Steering.hash(), kernel));
        assertEquals(Errno.EINVAL, e.errno());
    }
}
