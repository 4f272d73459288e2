package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The downcalls that any descriptor takes: unistd.h, fcntl.h, poll.h, sys/eventfd.h. */
final class FileCalls {

    private static final MethodHandle EVENTFD = Downcalls.handle("eventfd",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ = Downcalls.handle("read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE = Downcalls.handle("write",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = Downcalls.handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle DUP = Downcalls.handle("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL = Downcalls.variadicHandle("fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle POLL = Downcalls.handle("poll",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private FileCalls() {}

    static int eventfd(int initialValue, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) EVENTFD.invokeExact(state, initialValue, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static long read(int fd, MemorySegment buffer, long count) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((long) READ.invokeExact(state, fd, buffer, count), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static long write(int fd, MemorySegment buffer, long count) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((long) WRITE.invokeExact(state, fd, buffer, count), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int close(int fd) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int dup(int fd) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) DUP.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int fcntl(int fd, int command, int argument) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) FCNTL.invokeExact(state, fd, command, argument), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) POLL.invokeExact(state, pollfds, count, timeoutMillis), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
