package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import java.lang.foreign.Arena;

/** Pins a thread to a CPU: sched_setaffinity(2). */
public final class CpuAffinity {

    /** The largest number of CPUs that a kernel can be built for (NR_CPUS of arch/x86/Kconfig). */
    private static final int MOST_CPUS = 8192;

    private CpuAffinity() {}

    /**
     * Restricts the calling thread to one CPU, until the thread ends or calls this method again. Threads that it starts
     * inherit the restriction.
     *
     * @param cpu the number of the CPU, as in /proc/cpuinfo, 0 to 8191
     * @throws SyscallException EINVAL if the machine has no such CPU, or if a cpuset denies it to this process; EPERM
     *     if a seccomp filter forbids the call
     * @throws IllegalArgumentException if {@code cpu} is out of range
     * @throws IllegalStateException if the calling thread is a virtual thread, which has no CPU of its own
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
