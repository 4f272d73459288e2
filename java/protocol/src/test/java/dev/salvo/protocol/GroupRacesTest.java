package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group is stopped, or refused something, in the middle of what it does. */
@Tag("loopback")
class GroupRacesTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    private static ReactorGroup scripted(int members, Steering steering, ScriptedKernel kernel) throws Exception {
        return ReactorGroup.open(members, steering, new int[0], (name, task) -> Thread.ofPlatform().name(name)
                .unstarted(() -> ScopedValue.where(Kernels.SCRIPTED, kernel).run(task)));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        var e = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        return Objects.requireNonNull(e.getCause());
    }

    /** A socket that is bound and has no port yet is not the reactor's to close. */
    @Test
    void aGroupThatStopsWhileItBeginsToListenLeavesNothingOpen() throws Exception {
        openAndStop();
        var before = descriptors();
        openAndStop();
        assertEquals(before, descriptors());
    }

    private static void openAndStop() throws Exception {
        var threads = new CopyOnWriteArrayList<Thread>();
        try (var group = ReactorGroup.open(3, Steering.hash(), new int[0], (name, task) -> {
            threads.add(Thread.ofPlatform().name(name).unstarted(task));
            return threads.getLast();
        })) {
            var e = assertThrows(IllegalStateException.class, () -> group.listenUdp(0, i -> {
                group.stop();
                // It waits for the others then.
                while (threads.get(1).getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                return new Recorder();
            }, OPTIONS));
            assertEquals("member 1 of the group has stopped", e.getMessage());
        }
    }

    /** Nobody else was told to serve for it. */
    @Test
    void whoWasStoppedBeforeItCouldLeaveHasNotLeft() throws Exception {
        try (var group = ReactorGroup.open(2, Steering.payloadByte(0))) {
            group.listenUdp(0, i -> new Recorder(), OPTIONS);
            var left = GroupTraffic.call(group.reactor(1), () -> {
                group.reactor(1).stop();
                return group.leave(1).toCompletableFuture();
            });
            assertEquals("member 1 of the group has stopped",
                    assertInstanceOf(IllegalStateException.class, failure(left)).getMessage());
            var stopped = CompletableFuture.runAsync(() -> assertStops(group));
            stopped.get(20, TimeUnit.SECONDS);
        }
    }

    private static void assertStops(ReactorGroup group) {
        try {
            group.awaitStop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Of two ports the second is refused a program: the first has had one already. */
    @Test
    void aMemberThatStaysServesEveryPortAsBefore() throws Exception {
        var kernel = new ScriptedKernel();
        try (var group = scripted(3, Steering.payloadByte(0), kernel);
                var one = new GroupTraffic(Loopback.IPV4, group, 5);
                var other = new GroupTraffic(Loopback.IPV6, group, 5)) {
            kernel.next(Syscall.SETSOCKOPT, Answer.real(), Answer.error(Errno.ENOMEM));
            var refused = group.leave(1).toCompletableFuture();
            assertEquals(Errno.ENOMEM, assertInstanceOf(SyscallException.class, failure(refused)).errno());
            for (var traffic : List.of(one, other)) {
                traffic.sendRound(3);
                traffic.awaitAll();
                assertEquals(Set.of(1), traffic.membersOfId.get(1));
            }
        }
    }

    /** What it held when it was refused was not of the port that came later. */
    @Test
    void aMemberThatStayedAndLeavesLaterKeepsAllItsPlaces() throws Exception {
        var kernel = new ScriptedKernel();
        try (var group = scripted(3, Steering.payloadByte(0), kernel);
                var first = new GroupTraffic(Loopback.IPV4, group, 5)) {
            kernel.next(Syscall.SETSOCKOPT, Answer.error(Errno.ENOMEM));
            failure(group.leave(0).toCompletableFuture());
            try (var later = new GroupTraffic(Loopback.IPV4, group, 5)) {
                group.leave(0).toCompletableFuture().get(20, TimeUnit.SECONDS);
                for (var traffic : List.of(first, later)) {
                    traffic.sendRound(3);
                    traffic.awaitAll();
                    assertEquals(List.of(Set.of(1), Set.of(1), Set.of(2)), List.of(
                            Objects.requireNonNull(traffic.membersOfId.get(0)),
                            Objects.requireNonNull(traffic.membersOfId.get(1)),
                            Objects.requireNonNull(traffic.membersOfId.get(2))));
                }
            }
        }
    }

    /** The places of its sockets among the others' are not known. */
    @Test
    void nobodyLeavesAGroupThatJoinedAnother() throws Exception {
        try (var first = ReactorGroup.open(2); var second = ReactorGroup.open(2)) {
            var number = first.listenUdp(0, i -> new Recorder(), OPTIONS).getFirst().localAddress().port();
            second.listenUdp(number, i -> new Recorder(), OPTIONS);
            var e = assertThrows(IllegalStateException.class, () -> second.leave(1));
            assertEquals("port " + number + " is shared with sockets that are not the group's: nobody can leave",
                    e.getMessage());
            first.leave(1).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    /** As where the process may have no more of them. */
    @Test
    void aThreadThatCannotBeStartedEndsTheOthers() {
        var started = new CopyOnWriteArrayList<Thread>();
        assertThrows(OutOfMemoryError.class, () -> ReactorGroup.open(3, Steering.hash(), new int[0], (name, task) -> {
            started.add(name.endsWith("1") ? new Thread(task, name) {
                @Override
                public void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                }
            } : Thread.ofPlatform().daemon().name(name).unstarted(task));
            return started.getLast();
        }));
        assertTrue(started.stream().noneMatch(Thread::isAlive), started::toString);
    }
}
