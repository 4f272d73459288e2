package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls of a socket that others connect to: sys/socket.h, sys/stat.h. */
final class UnixCalls {

    private static final Downcall LISTEN = Downcall.of("listen");
    private static final Downcall ACCEPT4 = Downcall.of("accept4");
    private static final Downcall FCHMOD = Downcall.of("fchmod");

    private UnixCalls() {}

    static int listen(int fd, int backlog) {
        return Downcall.result(LISTEN.call(fd, word(backlog)));
    }

    static int accept4(int fd, int flags) {
        return Downcall.result(
                ACCEPT4.call(fd, MemorySegment.NULL, MemorySegment.NULL, word(flags), MemorySegment.NULL));
    }

    static int fchmod(int fd, int mode) {
        return Downcall.result(FCHMOD.call(fd, word(mode)));
    }
}
