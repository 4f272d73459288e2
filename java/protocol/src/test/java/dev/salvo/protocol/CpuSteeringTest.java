package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvo.socket.CpuAffinity;
import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The CPU that handles a packet, over loopback the sender's, chooses the member. */
@Tag("loopback")
class CpuSteeringTest {

    private static final int SENDERS = 50;

    private static void sendOn(int cpu, GroupTraffic traffic) throws Exception {
        var task = new FutureTask<>(() -> {
            CpuAffinity.pinThread(cpu);
            traffic.sendFromEach((byte) cpu);
            return true;
        });
        Thread.ofPlatform().start(task);
        task.get(20, TimeUnit.SECONDS);
        traffic.awaitAll();
    }

    /** In the opposite order, so that a number is not a place. */
    @Test
    void theMemberThatIsPinnedToItGetsIt() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one CPU only");
        try (var group = ReactorGroup.pinned(Steering.cpu(), 1, 0);
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            sendOn(0, traffic);
            sendOn(1, traffic);
            assertEquals(Map.of(0, Set.of(1), 1, Set.of(0)), traffic.membersOfId);
            var leaving = group.leave(0).toCompletableFuture();
            while (!leaving.isDone()) {
                sendOn(1, traffic);
            }
            traffic.forgetMembers();
            sendOn(1, traffic);
            assertEquals(Map.of(1, Set.of(1)), traffic.membersOfId);
        }
    }

    @Test
    void withoutPinsItIsTheNumberModuloTheMembers() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one CPU only");
        try (var group = ReactorGroup.open(2, Steering.cpu());
                var traffic = new GroupTraffic(Loopback.IPV6, group, SENDERS)) {
            sendOn(0, traffic);
            sendOn(1, traffic);
            assertEquals(Map.of(0, Set.of(0), 1, Set.of(1)), traffic.membersOfId);
        }
    }

    private static String allowed() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow()
                    .replaceAll("\\S+:\\s*", "");
        }
    }

    @Test
    void threadsArePinnedAsAskedFor() throws Exception {
        var cpus = Runtime.getRuntime().availableProcessors() > 1 ? new int[]{1, 0} : new int[]{0};
        try (var group = ReactorGroup.pinned(Steering.hash(), cpus)) {
            var found = new ArrayList<String>();
            var wanted = new ArrayList<String>();
            for (int i = 0; i < cpus.length; i++) {
                found.add(GroupTraffic.call(group.reactor(i), CpuSteeringTest::allowed));
                found.add(GroupTraffic.call(group.reactor(i), () -> Thread.currentThread().getName()));
                wanted.addAll(List.of("" + cpus[i], "salvo reactor " + i + " on CPU " + cpus[i]));
            }
            assertEquals(wanted, found);
        }
    }

    @Test
    void aCpuThatIsNotThereIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), 0, 8191));
        assertEquals("no such CPU, or a cpuset keeps this process from it:"
                + " sched_setaffinity CPU 8191: EINVAL (invalid argument)", e.getMessage());
        assertEquals(Errno.EINVAL, assertInstanceOf(SyscallException.class, e.getCause()).errno());
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), -1));
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu()));
    }
}
