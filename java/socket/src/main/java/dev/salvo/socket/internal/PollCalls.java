package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The downcalls of sys/epoll.h. */
final class PollCalls {

    private static final Downcall EPOLL_CREATE1 = Downcall.ofWords("epoll_create1");
    private static final Downcall EPOLL_CTL = Downcall.ofWords("epoll_ctl");

    private static final Downcall EPOLL_WAIT = Downcall.of("epoll_wait",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final Downcall EPOLL_PWAIT2 = Downcall.ofHot("epoll_pwait2");
    /** False where the C library has no such function: glibc before 2.35, musl. */
    private static final boolean HAS_PWAIT2 = EPOLL_PWAIT2.exists();

    private PollCalls() {}

    static int epollCreate1(int flags) {
        return EPOLL_CREATE1.callInt(word(flags));
    }

    static int epollCtl(int epollFd, int operation, int fd, MemorySegment event) {
        return EPOLL_CTL.callInt(word(epollFd), word(operation), word(fd), event);
    }

    static int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
        try {
            return Downcall.result((int) EPOLL_WAIT.handle()
                    .invokeExact(Downcall.state(), epollFd, events, maxEvents, timeoutMillis));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }

    static int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        if (!HAS_PWAIT2) {
            return -Linux.ENOSYS();
        }
        try {
            return Downcall.result((int) EPOLL_PWAIT2.handle()
                    .invokeExact(Downcall.state(), epollFd, events, maxEvents, timeout, MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcall.unexpected(t);
        }
    }
}
