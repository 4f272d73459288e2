package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The downcalls of sys/socket.h. */
final class SocketCalls {

    private static final MethodHandle SOCKET = Downcalls.handle("socket",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = Downcalls.handle("bind",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT = Downcalls.handle("connect",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME = Downcalls.handle("getsockname",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle GETPEERNAME = Downcalls.handle("getpeername",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle GETSOCKOPT = Downcalls.handle("getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT = Downcalls.handle("setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMMSG = Downcalls.handle("recvmmsg",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SENDMMSG = Downcalls.handle("sendmmsg",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle RECVMSG = Downcalls.handle("recvmsg",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMSG = Downcalls.handle("sendmsg",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private SocketCalls() {}

    static int socket(int family, int type, int protocol) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) SOCKET.invokeExact(state, family, type, protocol), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int bind(int fd, MemorySegment address, int length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) BIND.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int connect(int fd, MemorySegment address, int length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) CONNECT.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) GETSOCKNAME.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) GETPEERNAME.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) RECVMMSG.invokeExact(state, fd, messages, count, flags, MemorySegment.NULL),
                    state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) SENDMMSG.invokeExact(state, fd, messages, count, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((long) RECVMSG.invokeExact(state, fd, message, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((long) SENDMSG.invokeExact(state, fd, message, flags), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
