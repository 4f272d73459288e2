package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SendFailure;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import java.lang.System.Logger;
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

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    private final UdpSocket socket;
    /** Whether the error queue is on as long as the port is open, connected or not. */
    private final boolean errors;
    /** Read by any thread. */
    private volatile SockAddr local;
    private @Nullable SockAddr peer;
    /** The peer as it was given, which may be the wildcard for loopback. */
    private @Nullable SockAddr asked;
    /** What this switched on. */
    private final List<SockOpt<Boolean>> switchedOn = new ArrayList<>(2);

    /** Whether the error queue was on when it was looked at last. */
    private boolean queued;
    /** The peer that the socket had when it was adopted. */
    private final @Nullable SockAddr firstPeer;

    Connection(UdpSocket socket, boolean errors) throws SyscallException {
        this.socket = socket;
        this.errors = errors;
        local = socket.localAddress();
        peer = socket.peerAddress();
        asked = peer;
        firstPeer = peer;
    }

    /**
     * To be called once, when there is someone to call {@link #release}.
     *
     * @throws SyscallException if errors are asked for, and the kernel has no error queue
     */
    void begin() throws SyscallException {
        if (errors) {
            demand(IpOptions.RECVERR);
            if (socket.family() == StandardProtocolFamily.INET6) {
                demand(Ipv6Options.RECVERR);
            }
            queued = true;
        } else if (peer != null) {
            queueErrors();
        }
    }

    private void demand(SockOpt<Boolean> option) throws SyscallException {
        if (!socket.get(option)) {
            socket.set(option, true);
            switchedOn.add(option);
        }
    }

    /** What to tell the socket of a write to an address: that address, or null for the peer that it is connected to. */
    @Nullable
    SockAddr destination(int length, SockAddr destination, boolean ipv6) {
        Addresses.requireFamily("write", destination, ipv6);
        Addresses.requireLength(length, destination);
        if (peer == null) {
            return destination;
        }
        if (!isPeer(destination)) {
            throw new InvalidAddressException(
                    "write() to " + destination + " on a port that is connected to " + peer);
        }
        return null;
    }

    void requirePeer(int length) {
        if (peer == null) {
            throw new IllegalStateException("write() without an address on a port that is not connected");
        }
        Addresses.requireLength(length, peer);
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
                goBack(former, e);
            }
            throw e;
        } finally {
            local = socket.localAddress();
        }
        queueErrors();
    }

    /** The kernel may not let it be as it was: a route that is gone, a port that another process has taken. */
    private void goBack(SockAddr former, SyscallException reason) {
        try {
            socket.connect(former);
        } catch (SyscallException e) {
            reason.addSuppressed(e);
            forget();
        }
    }

    private void forget() {
        peer = null;
        asked = null;
        if (!errors) {
            switchOff();
        }
    }

    void disconnect() throws SyscallException {
        if (peer != null) {
            forget();
            try {
                socket.disconnect();
            } finally {
                local = socket.localAddress();
            }
        }
    }

    /** An IPv6 socket needs both, for peers of either family (udpv6_err and __udp4_lib_err look at their own). */
    private void queueErrors() {
        queued = switchOn(IpOptions.RECVERR);
        if (socket.family() == StandardProtocolFamily.INET6) {
            queued &= switchOn(Ipv6Options.RECVERR);
        }
    }

    private boolean switchOn(SockOpt<Boolean> option) {
        if (isOn(option)) {
            return true;
        }
        var on = PortSocket.setIfPossible(socket, option, true);
        if (on && !switchedOn.contains(option)) {
            switchedOn.add(option);
        }
        return on;
    }

    private boolean isOn(SockOpt<Boolean> option) {
        try {
            return socket.get(option);
        } catch (SyscallException e) {
            return false;
        }
    }

    private void switchOff() {
        switchedOn.forEach(option -> PortSocket.setIfPossible(socket, option, false));
        switchedOn.clear();
        queued = false;
    }

    /** Undoes all this before the port is closed: others may hold the socket, which then goes on living. */
    void release(boolean adopted) {
        switchOff();
        if (adopted && !Objects.equals(peer, firstPeer)) {
            try {
                socket.disconnect();
                if (firstPeer != null) {
                    socket.connect(firstPeer);
                }
            } catch (SyscallException e) {
                LOG.log(Logger.Level.WARNING, "{0} is not connected as it was: {1}", local, e.getMessage());
            }
        }
    }

    /** Whether a datagram from there was queued before the port was connected: the kernel lets no others through. */
    boolean isStranger(SockAddr source) {
        return peer != null && !peer.equals(source);
    }

    /** Whether an entry of the error queue says that the present peer can't be reached. */
    boolean isRefusal(SocketError error) {
        return peer != null && error.errno() != Errno.EMSGSIZE && peer.equals(error.destination());
    }

    /**
     * The peer, if an error of a system call says so and no error queue does: the kernel has none, or another who holds
     * the socket has switched it off.
     */
    @Nullable
    SockAddr refusing(int errno) {
        if (errno != Errno.ECONNREFUSED || peer == null || (queued && isQueued())) {
            return null;
        }
        queueErrors();
        return peer;
    }

    private boolean isQueued() {
        return isOn(IpOptions.RECVERR)
                && (socket.family() == StandardProtocolFamily.INET || isOn(Ipv6Options.RECVERR));
    }

    /** A failure with its destination: datagrams to the peer have none. */
    SendFailure named(SendFailure failure) {
        return failure.destination() != null ? failure : new SendFailure(peer, failure.length(), failure.errno());
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
