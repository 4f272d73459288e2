package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The downcalls of a socket that others connect to: sys/socket.h, sys/stat.h. */
final class UnixCalls {

    private static final MethodHandle LISTEN = Downcalls.handle("listen",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT4 = Downcalls.handle("accept4",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle FCHMOD = Downcalls.handle("fchmod",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private UnixCalls() {}

    static int listen(int fd, int backlog) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) LISTEN.invokeExact(state, fd, backlog), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int accept4(int fd, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result(
                    (int) ACCEPT4.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int fchmod(int fd, int mode) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) FCHMOD.invokeExact(state, fd, mode), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
