package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The downcalls that any descriptor takes: unistd.h, fcntl.h, poll.h, sys/eventfd.h. */
final class FileCalls {

    private static final Downcall EVENTFD = Downcall.of("eventfd");
    private static final Downcall READ = Downcall.of("read");
    private static final Downcall WRITE = Downcall.of("write");
    private static final Downcall CLOSE = Downcall.of("close");
    private static final Downcall DUP = Downcall.of("dup");
    private static final Downcall FCNTL = Downcall.of("fcntl");
    private static final Downcall POLL = Downcall.of("poll",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private FileCalls() {}

    static int eventfd(int initialValue, int flags) {
        return Downcall.result(EVENTFD.call(initialValue, word(flags)));
    }

    static long read(int fd, MemorySegment buffer, long count) {
        return Downcall.wideResult(READ.call(fd, buffer, word(count)));
    }

    static long write(int fd, MemorySegment buffer, long count) {
        return Downcall.wideResult(WRITE.call(fd, buffer, word(count)));
    }

    static int close(int fd) {
        return Downcall.result(CLOSE.call(fd));
    }

    static int dup(int fd) {
        return Downcall.result(DUP.call(fd));
    }

    /** Variadic in C; an int goes the same way in both of the ABIs. */
    static int fcntl(int fd, int command, int argument) {
        return Downcall.result(FCNTL.call(fd, word(command), word(argument)));
    }

    static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            return Downcall.result((int) POLL.handle().invokeExact(Downcall.state(), pollfds, count, timeoutMillis));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }
}
