package dev.salvo.socket.poll;

import dev.salvo.bindings.Linux;

/** The events of a descriptor that epoll can be asked for, and reports: bits of an int (epoll_ctl(2)). */
public final class Readiness {

    /** Something can be received. */
    public static final int READABLE = Linux.EPOLLIN();
    /** There is room to send. A UDP socket is nearly always writable, so ask for this only after an EAGAIN. */
    public static final int WRITABLE = Linux.EPOLLOUT();
    /**
     * The socket has a pending error, or an entry in its error queue. Always reported, whether asked for or not. It is
     * never a reason to close a UDP socket, but {@link dev.salvo.socket.UdpSocket#drainErrors} has to be called, or
     * every wait reports it again.
     */
    public static final int ERROR = Linux.EPOLLERR();

    /**
     * Another holder of the socket shut it down; a UDP socket is not hung up on otherwise. Every wait reports this from
     * then on, and {@link #READABLE} as well, though there may be nothing to receive: a loop that asks for READABLE
     * alone would spin. It consists of EPOLLRDHUP, which has to be asked for, and EPOLLHUP, which is always reported.
     */
    public static final int HANGUP = Linux.EPOLLRDHUP() | Linux.EPOLLHUP();

    private Readiness() {}
}
