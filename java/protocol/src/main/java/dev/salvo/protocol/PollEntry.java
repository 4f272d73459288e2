package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.Readiness;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;

/** What a port is polled for: to receive from its start to its stop, to send while the kernel takes no more. */
final class PollEntry {

    private final UdpPort port;
    private final Reactor reactor;
    private final EpollPoller poller;
    private final UdpSocket socket;
    private long token;
    private boolean watched;
    private boolean writable;
    /** Whether it is watched, but by {@link AwayPorts} for now. */
    private boolean away;
    /** The number of the turn in which the port last sent. */
    private long lastTurn = -1;

    private int turnsInARow;

    PollEntry(UdpPort port, Reactor reactor, UdpSocket socket) {
        this.port = port;
        this.reactor = reactor;
        this.poller = reactor.ports().poller();
        this.socket = socket;
    }

    void add() throws SyscallException {
        token = poller.add(socket, interest(), port);
        watched = true;
    }

    private int interest() {
        return Readiness.READABLE | Readiness.HANGUP | (writable ? Readiness.WRITABLE : 0);
    }

    /** Nothing but EAGAIN ever asks for this: a socket that is out of buffers stays writable. */
    void watchWritable(boolean on) {
        if (watched && on != writable) {
            writable = on;
            if (away) {
                comeBack();
            } else {
                modify();
            }
        }
    }

    private void modify() {
        try {
            poller.modify(socket, interest(), token);
        } catch (SyscallException e) {
            reactor.log("polling a port", e);
        }
    }

    /** Takes it out of epoll's set until {@link #comeBack}, unless it waits to send: whether it did. */
    boolean leave() {
        if (!watched || away || writable) {
            return false;
        }
        away = true;
        try {
            poller.remove(socket, token);
        } catch (SyscallException e) {
            // The token is gone all the same: coming back mends it.
            reactor.log("polling a port", e);
        } catch (IllegalStateException e) {
            reactor.log("polling a port", e);
            remove();
        }
        return away;
    }

    /** Puts it back, if it was taken out. If the kernel won't have it, what comes waits in the socket's buffer. */
    void comeBack() {
        if (away) {
            beginTurnsAnew();
            try {
                add();
                away = false;
            } catch (SyscallException e) {
                reactor.log("polling a port", e);
            } catch (IllegalStateException e) {
                // Somebody closed the socket under its port.
                reactor.log("polling a port", e);
                remove();
            }
        }
    }

    /** Whether {@link #leave} took it out, and nothing put it back. */
    boolean isAway() {
        return away;
    }

    /** The port sends something in the turn of this number. */
    void sent(long turn) {
        turnsInARow = turn == lastTurn + 1 ? turnsInARow + 1 : 1;
        lastTurn = turn;
    }

    boolean hasSent(long turn) {
        return turn == lastTurn;
    }

    void beginTurnsAnew() {
        turnsInARow = 0;
    }

    boolean waitsToSend() {
        return writable;
    }

    /** In how many turns up to the last one in which it sent, without one between. */
    int turnsInARow() {
        return turnsInARow;
    }

    UdpPort port() {
        return port;
    }

    void remove() {
        var polled = watched && !away;
        watched = false;
        away = false;
        if (polled) {
            try {
                poller.remove(socket, token);
            } catch (SyscallException e) {
                reactor.log("polling a port", e);
            }
        }
    }
}
