package dev.salvo.socket.internal;

/** The calls of {@link Kernel}, to script them by. */
public enum Syscall {
    SOCKET,
    BIND,
    CONNECT,
    GETSOCKNAME,
    GETPEERNAME,
    GETSOCKOPT,
    SETSOCKOPT,
    RECVMMSG,
    SENDMMSG,
    RECVMSG,
    SENDMSG,
    EPOLL_CREATE1,
    EPOLL_CTL,
    EPOLL_WAIT,
    EPOLL_PWAIT2,
    EVENTFD,
    READ,
    WRITE,
    CLOSE,
    DUP,
    FCNTL,
    POLL,
    IF_NAMETOINDEX,
    IF_INDEXTONAME,
    MMAP,
    MUNMAP
}
