package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import java.lang.foreign.Arena;

/** Which CPU a thread runs on: sched_setaffinity(2). */
public final class CpuAffinity {

    /** As many as the kernel can be built for (NR_CPUS of arch/x86/Kconfig). */
    private static final int MOST_CPUS = 8192;

    private CpuAffinity() {}

    /**
     * Has the calling thread run on one CPU alone, until it ends or this is called again. Threads that it starts
     * inherit that.
     *
     * @param cpu its number, as in /proc/cpuinfo, 0 to 8191
     * @throws SyscallException EINVAL if the machine has no such CPU, or a cpuset keeps the process from it; EPERM from
     *     a seccomp filter
     * @throws IllegalArgumentException if it is out of range
     * @throws IllegalStateException on a virtual thread, which has no CPU of its own
     */
    public static void pinThread(int cpu) throws SyscallException {
        if (cpu < 0 || cpu >= MOST_CPUS) {
            throw new IllegalArgumentException("CPU out of range: " + cpu);
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread can't be pinned to a CPU: it would pin its carrier");
        }
        try (var arena = Arena.ofConfined()) {
            var mask = arena.allocate(JAVA_LONG, cpu / Long.SIZE + 1);
            mask.setAtIndex(JAVA_LONG, cpu / Long.SIZE, 1L << cpu);
            var result = Kernels.current().schedSetaffinity(0, mask.byteSize(), mask);
            SyscallErrors.check("sched_setaffinity", "CPU " + cpu, result);
        }
    }
}
