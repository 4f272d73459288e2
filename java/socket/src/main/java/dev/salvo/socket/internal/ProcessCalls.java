package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The downcalls about this process: unistd.h, stdlib.h, sched.h. */
final class ProcessCalls {

    private static final MethodHandle GETEUID = Downcalls.handle("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETENV = Downcalls.handle("getenv",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    private static final MethodHandle UNSETENV = Downcalls.handle("unsetenv",
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SCHED_SETAFFINITY = Downcalls.handle("sched_setaffinity",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

    private ProcessCalls() {}

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact(Downcalls.state());
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static long getenv(MemorySegment name) {
        try {
            return (long) GETENV.invokeExact(Downcalls.state(), name);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int unsetenv(MemorySegment name) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) UNSETENV.invokeExact(state, name), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int schedSetaffinity(int pid, long length, MemorySegment mask) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) SCHED_SETAFFINITY.invokeExact(state, pid, length, mask), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
