package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The downcalls of sys/socket.h. */
final class SocketCalls {

    private static final Downcall SOCKET = Downcall.of("socket");
    private static final Downcall BIND = Downcall.of("bind");
    private static final Downcall CONNECT = Downcall.of("connect");
    private static final Downcall GETSOCKNAME = Downcall.of("getsockname");
    private static final Downcall GETPEERNAME = Downcall.of("getpeername");
    private static final Downcall GETSOCKOPT = Downcall.of("getsockopt");
    private static final Downcall SETSOCKOPT = Downcall.of("setsockopt");
    private static final Downcall RECVMMSG = Downcall.of("recvmmsg");
    private static final Downcall SENDMMSG = Downcall.of("sendmmsg");

    private static final FunctionDescriptor ONE = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final Downcall RECVMSG = Downcall.of("recvmsg", ONE);
    private static final Downcall SENDMSG = Downcall.of("sendmsg", ONE);

    private SocketCalls() {}

    static int socket(int family, int type, int protocol) {
        return Downcall.result(SOCKET.call(family, word(type), word(protocol)));
    }

    static int bind(int fd, MemorySegment address, int length) {
        return Downcall.result(BIND.call(fd, address, word(length)));
    }

    static int connect(int fd, MemorySegment address, int length) {
        return Downcall.result(CONNECT.call(fd, address, word(length)));
    }

    static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        return Downcall.result(GETSOCKNAME.call(fd, address, length));
    }

    static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        return Downcall.result(GETPEERNAME.call(fd, address, length));
    }

    static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        return Downcall.result(GETSOCKOPT.call(fd, word(level), word(name), value, length));
    }

    static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        return Downcall.result(SETSOCKOPT.call(fd, word(level), word(name), value, word(length)));
    }

    static int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        return Downcall.result(RECVMMSG.call(fd, messages, word(count), word(flags), MemorySegment.NULL));
    }

    static int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        return Downcall.result(SENDMMSG.call(fd, messages, word(count), word(flags), MemorySegment.NULL));
    }

    static long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            return Downcall.wideResult((long) RECVMSG.handle().invokeExact(Downcall.state(), fd, message, flags));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            return Downcall.wideResult((long) SENDMSG.handle().invokeExact(Downcall.state(), fd, message, flags));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }
}
