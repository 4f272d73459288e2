package dev.salvo.socket;

import dev.salvo.bindings.Linux;

/** What epoll tells of a descriptor, and what it can be asked to: bits of an int (epoll_ctl(2)). */
public final class Readiness {

    /** There is something to receive. */
    public static final int READABLE = Linux.EPOLLIN();
    /** There is room to send. A UDP socket nearly always is writable: ask only after an EAGAIN. */
    public static final int WRITABLE = Linux.EPOLLOUT();
    /**
     * There is a pending error, or an entry in the error queue. Always told, asked for or not; never a reason to close
     * a UDP socket, but {@link UdpSocket#drainErrors} has to be called or it is told for ever.
     */
    public static final int ERROR = Linux.EPOLLERR();

    /**
     * The socket was shut down, by someone else who holds it: a UDP socket is not hung up on otherwise. Told for ever
     * from then on. EPOLLRDHUP, which has to be asked for, and EPOLLHUP, which has not.
     */
    public static final int HANGUP = Linux.EPOLLRDHUP() | Linux.EPOLLHUP();

    private Readiness() {}
}
