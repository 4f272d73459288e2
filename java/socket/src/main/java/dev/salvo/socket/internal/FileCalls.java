package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The downcalls that any descriptor takes: unistd.h, fcntl.h, poll.h, sys/eventfd.h. */
final class FileCalls {

    private static final Downcall EVENTFD = Downcall.ofWords("eventfd");
    private static final Downcall CLOSE = Downcall.ofWords("close");
    private static final Downcall DUP = Downcall.ofWords("dup");
    private static final Downcall FCNTL = Downcall.ofWords("fcntl");

    private static final Downcall READ = Downcall.of("read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final Downcall WRITE = Downcall.of("write",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final Downcall POLL = Downcall.of("poll",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private FileCalls() {}

    static int eventfd(int initialValue, int flags) {
        return EVENTFD.callInt(word(initialValue), word(flags));
    }

    static int close(int fd) {
        return CLOSE.callInt(word(fd));
    }

    static int dup(int fd) {
        return DUP.callInt(word(fd));
    }

    /** Variadic in C; an int goes the same way in both of the ABIs. */
    static int fcntl(int fd, int command, int argument) {
        return FCNTL.callInt(word(fd), word(command), word(argument));
    }

    static long read(int fd, MemorySegment buffer, long count) {
        try {
            return Downcall.result((long) READ.handle().invokeExact(Downcall.state(), fd, buffer, count));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static long write(int fd, MemorySegment buffer, long count) {
        try {
            return Downcall.result((long) WRITE.handle().invokeExact(Downcall.state(), fd, buffer, count));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            return Downcall.result((int) POLL.handle().invokeExact(Downcall.state(), pollfds, count, timeoutMillis));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }
}
