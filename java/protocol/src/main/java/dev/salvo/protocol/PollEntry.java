package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.Readiness;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;

/** What a port is polled for: to receive from its start to its stop, to send while the kernel takes no more. */
final class PollEntry {

    private static final int INTEREST = Readiness.READABLE | Readiness.HANGUP;

    private final Reactor reactor;
    private final EpollPoller poller;
    private final UdpSocket socket;
    private long token;
    private boolean watched;
    private boolean writable;

    PollEntry(Reactor reactor, UdpSocket socket) {
        this.reactor = reactor;
        this.poller = reactor.ports().poller();
        this.socket = socket;
    }

    void add(UdpPort port) throws SyscallException {
        token = poller.add(socket, INTEREST, port);
        watched = true;
    }

    /** Nothing but EAGAIN ever asks for this: a socket that is out of buffers stays writable. */
    void watchWritable(boolean on) {
        if (watched && on != writable) {
            writable = on;
            try {
                poller.modify(socket, INTEREST | (on ? Readiness.WRITABLE : 0), token);
            } catch (SyscallException e) {
                reactor.log("polling a port", e);
            }
        }
    }

    void remove() {
        if (watched) {
            watched = false;
            try {
                poller.remove(socket, token);
            } catch (SyscallException e) {
                reactor.log("polling a port", e);
            }
        }
    }
}
