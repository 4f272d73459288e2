package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Only the calling thread is pinned to a CPU, or the call fails with a reason. */
@Tag("loopback")
class CpuAffinityTest {

    private static String allowed() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow()
                    .replaceAll("\\S+:\\s*", "");
        }
    }

    /** Pins to every CPU that this process may use, one after the other. */
    @Test
    void onlyTheCallingThreadIsPinned() throws Exception {
        var before = allowed();
        var tried = 0;
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
            var number = cpu;
            var pinned = new FutureTask<>(() -> {
                CpuAffinity.pinThread(number);
                return allowed();
            });
            Thread.ofPlatform().start(pinned);
            assertEquals(Integer.toString(cpu), pinned.get(20, TimeUnit.SECONDS));
            tried++;
        }
        assertTrue(tried > 0);
        assertEquals(before, allowed());
    }

    @Test
    void aCpuThatDoesNotExistIsRefused() throws Exception {
        var before = allowed();
        var e = assertThrows(SyscallException.class, () -> CpuAffinity.pinThread(8191));
        assertEquals("sched_setaffinity CPU 8191: EINVAL (invalid argument)", e.getMessage());
        assertEquals(before, allowed());
        assertThrows(IllegalArgumentException.class, () -> CpuAffinity.pinThread(-1));
        assertThrows(IllegalArgumentException.class, () -> CpuAffinity.pinThread(8192));
    }

    @Test
    void theErrnoOfASeccompFilterIsReported() {
        var kernel = new ScriptedKernel();
        kernel.next(Syscall.SCHED_SETAFFINITY, Answer.error(Errno.EPERM));
        var e = assertThrows(SyscallException.class, () -> kernel.open(() -> {
            CpuAffinity.pinThread(0);
            return 0;
        }));
        assertEquals(Errno.EPERM, e.errno());
    }

    @Test
    void aVirtualThreadIsRefused() throws Exception {
        var asked = new FutureTask<>(
                () -> assertThrows(IllegalStateException.class, () -> CpuAffinity.pinThread(0)).getMessage());
        Thread.ofVirtual().start(asked);
        assertEquals("a virtual thread can't be pinned to a CPU: it would pin its carrier",
                asked.get(20, TimeUnit.SECONDS));
    }
}
