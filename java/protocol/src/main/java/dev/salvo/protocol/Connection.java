package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a port is bound and whom it is connected to.
 *
 * <p>What comes back from a peer that is not there is read off the error queue, since the kernel swallows the error of
 * all messages of a batch but the first (__sys_sendmmsg of net/socket.c returns how many were sent before it, and the
 * error is gone).
 */
final class Connection {

    private final UdpSocket socket;
    /** Read by any thread. */
    private volatile SockAddr local;
    private @Nullable SockAddr peer;
    /** The peer as it was given, which may be the wildcard for loopback. */
    private @Nullable SockAddr asked;
    /** What this switched on. */
    private final List<SockOpt<Boolean>> switchedOn = new ArrayList<>(2);

    private boolean queued;

    Connection(UdpSocket socket) throws SyscallException {
        this.socket = socket;
        local = socket.localAddress();
        peer = socket.peerAddress();
        asked = peer;
        if (peer != null) {
            queueErrors();
        }
    }

    /**
     * A port that was bound to no address has one while it is connected, by the route to its peer, and keeps that if it
     * is connected again (__ip4_datagram_connect of net/ipv4/datagram.c sets it once): 127.0.0.1 reaches nobody else.
     * So it is disconnected first.
     */
    void connect(SockAddr to) throws SyscallException {
        var former = peer;
        try {
            if (former != null) {
                socket.disconnect();
            }
            socket.connect(to);
            asked = to.copy();
            peer = socket.peerAddress();
        } catch (SyscallException e) {
            if (former != null) {
                socket.connect(former);
            }
            throw e;
        } finally {
            local = socket.localAddress();
        }
        queueErrors();
    }

    void disconnect() throws SyscallException {
        if (peer != null) {
            peer = null;
            asked = null;
            restore();
            try {
                socket.disconnect();
            } finally {
                local = socket.localAddress();
            }
        }
    }

    /** An IPv6 socket needs both, for peers of either family (udpv6_err and __udp4_lib_err look at their own). */
    private void queueErrors() throws SyscallException {
        queued = switchOn(IpOptions.RECVERR);
        if (socket.family() == StandardProtocolFamily.INET6) {
            queued &= switchOn(Ipv6Options.RECVERR);
        }
    }

    private boolean switchOn(SockOpt<Boolean> option) throws SyscallException {
        if (switchedOn.contains(option) || socket.get(option)) {
            return true;
        }
        var on = PortSocket.setIfPossible(socket, option, true);
        if (on) {
            switchedOn.add(option);
        }
        return on;
    }

    /** Switches off what was switched on: an adopted socket goes on living elsewhere. */
    void restore() {
        switchedOn.forEach(option -> PortSocket.setIfPossible(socket, option, false));
        switchedOn.clear();
    }

    /** Whether a datagram from there was queued before the port was connected: the kernel lets no others through. */
    boolean isStranger(SockAddr source) {
        return peer != null && !peer.equals(source);
    }

    /** Whether an entry of the error queue says that the present peer can't be reached. */
    boolean isRefusal(SocketError error) {
        return peer != null && error.errno() != Errno.EMSGSIZE && peer.equals(error.destination());
    }

    /** The peer, if an error of a system call says so: without an error queue that is all there is. */
    @Nullable
    SockAddr refusing(int errno) {
        return errno == Errno.ECONNREFUSED && !queued ? peer : null;
    }

    /** Whether a datagram to there goes to the peer. */
    boolean isPeer(SockAddr destination) {
        return Objects.equals(peer, destination) || Objects.equals(asked, destination);
    }

    @Nullable
    SockAddr peer() {
        return peer;
    }

    SockAddr local() {
        return local;
    }

    /** Asks again: the kernel chooses a port at the first send of a socket that was never bound. */
    void lookAgain() {
        if (local.port() == 0) {
            try {
                local = socket.localAddress();
            } catch (SyscallException e) {
                // ENOBUFS: it stays unknown.
            }
        }
    }
}
