package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.Loopback;
import dev.salvo.socket.CpuAffinity;
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

/** Steering.cpu chooses the member by the CPU that handles the packet. Over loopback that is the sender's CPU. */
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

    /** The CPUs are in descending order, so that a CPU's number differs from the index of its member. */
    @Test
    void theMemberPinnedToTheCpuReceivesTheDatagram() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one CPU only");
        try (var group = ReactorGroup.pinned(Steering.cpu(), 1, 0);
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            sendOn(0, traffic);
            sendOn(1, traffic);
            assertEquals(Map.of(0, Set.of(1), 1, Set.of(0)), traffic.membersOfId);
        }
    }

    @Test
    void withoutPinsTheMemberIsTheCpuNumberModuloTheMembers() throws Exception {
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
    void eachMembersThreadIsPinnedToItsCpu() throws Exception {
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
    void aCpuThatDoesNotExistIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), 0, 8191));
        assertEquals("no such CPU, or a cpuset keeps this process from it:"
                + " sched_setaffinity CPU 8191: EINVAL (invalid argument)", e.getMessage());
        assertEquals(Errno.EINVAL, assertInstanceOf(SyscallException.class, e.getCause()).errno());
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu(), -1));
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.pinned(Steering.cpu()));
    }
}
