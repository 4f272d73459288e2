package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls about this process: unistd.h, stdlib.h, sched.h. */
final class ProcessCalls {

    private static final Downcall GETEUID = Downcall.of("geteuid");
    private static final Downcall GETENV = Downcall.ofPointer("getenv");
    private static final Downcall UNSETENV = Downcall.ofPointer("unsetenv");
    private static final Downcall SCHED_SETAFFINITY = Downcall.of("sched_setaffinity");

    private ProcessCalls() {}

    static int geteuid() {
        return (int) GETEUID.call(0);
    }

    static long getenv(MemorySegment name) {
        return GETENV.callPointer(name);
    }

    static int unsetenv(MemorySegment name) {
        return Downcall.result(UNSETENV.callPointer(name));
    }

    static int schedSetaffinity(int pid, long length, MemorySegment mask) {
        return Downcall.result(SCHED_SETAFFINITY.call(pid, word(length), mask));
    }
}
