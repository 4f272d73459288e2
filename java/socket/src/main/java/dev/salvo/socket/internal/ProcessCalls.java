package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls about this process: unistd.h, stdlib.h, sched.h. */
final class ProcessCalls {

    private static final Downcall GETEUID = Downcall.ofWords("geteuid");
    private static final Downcall GETENV = Downcall.ofWords("getenv");
    private static final Downcall UNSETENV = Downcall.ofWords("unsetenv");
    private static final Downcall SCHED_SETAFFINITY = Downcall.ofWords("sched_setaffinity");

    private ProcessCalls() {}

    static int geteuid() {
        return (int) GETEUID.call();
    }

    static long getenv(MemorySegment name) {
        return GETENV.call(name);
    }

    static int unsetenv(MemorySegment name) {
        return UNSETENV.callInt(name);
    }

    static int schedSetaffinity(int pid, long length, MemorySegment mask) {
        return SCHED_SETAFFINITY.callInt(word(pid), word(length), mask);
    }
}
