package dev.salvo.protocol.internal.port;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.Readiness;

/** A port's entry in the epoll set: EPOLLIN while the port listens, and EPOLLOUT while the kernel accepts no more. */
final class EpollRegistration {

    private final UdpPort port;
    private final EpollPoller poller;
    private final UdpSocket socket;

    private long token;
    private boolean added;
    private boolean writable;

    EpollRegistration(UdpPort port, EpollPoller poller, UdpSocket socket) {
        this.port = port;
        this.poller = poller;
        this.socket = socket;
    }

    void add() throws SyscallException {
        token = poller.add(socket, interest(), port);
        added = true;
    }

    private int interest() {
        return Readiness.READABLE | Readiness.HANGUP | (writable ? Readiness.WRITABLE : 0);
    }

    /**
     * Arms or disarms EPOLLOUT. This helps only after EAGAIN: after ENOBUFS the socket is still reported as writable.
     */
    void watchWritable(boolean on) {
        if (added && on != writable) {
            writable = on;
            try {
                poller.modify(socket, interest(), token);
            } catch (SyscallException e) {
                // What is queued would never be sent.
                port.fail(e);
            }
        }
    }

    /** Takes the port out of the epoll set. A second call does nothing. */
    void remove() {
        if (added) {
            added = false;
            try {
                poller.remove(socket, token);
            } catch (SyscallException | IllegalStateException e) {
                // Something else has closed the descriptor. The poller ignores the events that may still come.
            }
        }
    }
}
