package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The downcalls of sys/socket.h. */
final class SocketCalls {

    private static final Downcall SOCKET = Downcall.ofWords("socket");
    private static final Downcall BIND = Downcall.ofWords("bind");
    private static final Downcall CONNECT = Downcall.ofWords("connect");
    private static final Downcall GETSOCKNAME = Downcall.ofWords("getsockname");
    private static final Downcall GETPEERNAME = Downcall.ofWords("getpeername");
    private static final Downcall SETSOCKOPT = Downcall.ofWords("setsockopt");

    private static final Downcall GETSOCKOPT = Downcall.ofHot("getsockopt");
    private static final FunctionDescriptor ONE = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final Downcall RECVMMSG = Downcall.ofHot("recvmmsg");
    private static final Downcall SENDMMSG = Downcall.ofHot("sendmmsg");
    private static final Downcall RECVMSG = Downcall.of("recvmsg", ONE);
    private static final Downcall SENDMSG = Downcall.of("sendmsg", ONE);

    private SocketCalls() {}

    static int socket(int family, int type, int protocol) {
        return SOCKET.callInt(word(family), word(type), word(protocol));
    }

    static int bind(int fd, MemorySegment address, int length) {
        return BIND.callInt(word(fd), address, word(length));
    }

    static int connect(int fd, MemorySegment address, int length) {
        return CONNECT.callInt(word(fd), address, word(length));
    }

    static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        return GETSOCKNAME.callInt(word(fd), address, length);
    }

    static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        return GETPEERNAME.callInt(word(fd), address, length);
    }

    /** Each look at an error queue reads SO_ERROR. */
    static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            return Downcall.result(
                    (int) GETSOCKOPT.handle().invokeExact(Downcall.state(), fd, word(level), name, value, length));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        return SETSOCKOPT.callInt(word(fd), word(level), word(name), value, word(length));
    }

    static int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        try {
            return Downcall.result((int) RECVMMSG.handle()
                    .invokeExact(Downcall.state(), fd, messages, count, word(flags), MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        try {
            return Downcall.result((int) SENDMMSG.handle()
                    .invokeExact(Downcall.state(), fd, messages, count, word(flags), MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            return Downcall.result((long) RECVMSG.handle().invokeExact(Downcall.state(), fd, message, flags));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            return Downcall.result((long) SENDMSG.handle().invokeExact(Downcall.state(), fd, message, flags));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }
}
