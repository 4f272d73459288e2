package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The downcalls of sys/epoll.h. */
final class PollCalls {

    private static final MethodHandle EPOLL_CREATE1 = Downcalls.handle("epoll_create1",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CTL = Downcalls.handle("epoll_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EPOLL_WAIT = Downcalls.handle("epoll_wait",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    /** Null where the C library has no such function: glibc before 2.35, musl. */
    private static final @Nullable MethodHandle EPOLL_PWAIT2 = Downcalls.optionalHandle(
            "epoll_pwait2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS))
            .orElse(null);

    private PollCalls() {}

    static int epollCreate1(int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) EPOLL_CREATE1.invokeExact(state, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int epollCtl(int epollFd, int operation, int fd, MemorySegment event) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) EPOLL_CTL.invokeExact(state, epollFd, operation, fd, event), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
        try {
            var state = Downcalls.state();
            return Downcalls.result(
                    (int) EPOLL_WAIT.invokeExact(state, epollFd, events, maxEvents, timeoutMillis), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        if (EPOLL_PWAIT2 == null) {
            return -Linux.ENOSYS();
        }
        try {
            var state = Downcalls.state();
            return Downcalls.result(
                    (int) EPOLL_PWAIT2.invokeExact(state, epollFd, events, maxEvents, timeout, MemorySegment.NULL),
                    state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
