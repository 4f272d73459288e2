package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls of a socket that others connect to: sys/socket.h, sys/stat.h. */
final class UnixCalls {

    private static final Downcall LISTEN = Downcall.ofWords("listen");
    private static final Downcall ACCEPT4 = Downcall.ofWords("accept4");
    private static final Downcall FCHMOD = Downcall.ofWords("fchmod");

    private UnixCalls() {}

    static int listen(int fd, int backlog) {
        return LISTEN.callInt(word(fd), word(backlog));
    }

    static int accept4(int fd, int flags) {
        return ACCEPT4.callInt(word(fd), MemorySegment.NULL, MemorySegment.NULL, word(flags));
    }

    static int fchmod(int fd, int mode) {
        return FCHMOD.callInt(word(fd), word(mode));
    }
}
