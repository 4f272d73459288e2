package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.MessageLengthException;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.SendFailure;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
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
 * The local address and the peer of a port.
 *
 * <p>
 * ICMP errors about the peer are read from the error queue. The result of a send is not enough: the kernel reports the
 * error of a batch only if the first message fails. Otherwise __sys_sendmmsg of net/socket.c returns how many messages
 * were sent before the error, and the error is lost.
 */
final class Connection {

    static final int IPV4_LARGEST = 65_507;
    private static final int IPV6_LARGEST = 65_527;

    private final UdpSocket socket;
    private final boolean ipv6;
    /** Whether an IPv6 port serves IPv4 as well: it is not V6ONLY, as every socket on one IPv6 address is. */
    private final boolean servesIpv4;
    /** Whether the options ask for the error queue: then it is on as long as the port is open, connected or not. */
    private final boolean errors;
    /** Read by any thread. */
    private volatile SockAddr local;
    private @Nullable SockAddr peer;
    /** The peer as the program gave it. It may be the wildcard, which the kernel replaces by loopback. */
    private @Nullable SockAddr asked;
    /** The options that this object has switched on. */
    private final List<SockOpt<Boolean>> switchedOn = new ArrayList<>();

    /** Whether the error queue was on when this was last checked. */
    private boolean queued;
    /** Whether it was logged that a disconnected IPv6 socket stays deaf. */
    private boolean saidDeaf;
    /** The peer that the other holders of the socket gave it last: when it was adopted, or later. */
    private @Nullable SockAddr firstPeer;

    Connection(UdpSocket socket, boolean errors) throws SyscallException {
        this.socket = socket;
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.servesIpv4 = ipv6 && !isOn(Ipv6Options.V6ONLY);
        this.errors = errors;
        local = socket.localAddress();
        peer = socket.peerAddress();
        asked = peer;
        firstPeer = peer;
    }

    /**
     * Switches the error queue on if it is needed. Called once, when {@link #release} is sure to be called later.
     *
     * @throws SyscallException if the options ask for errors, and the kernel has no error queue, or none that can be
     *     read
     */
    void begin() throws SyscallException {
        if (errors) {
            demand(IpOptions.RECVERR);
            if (ipv6) {
                demand(Ipv6Options.RECVERR);
            }
            socket.drainErrors();
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

    /** Checks a write. Returns the destination to give to the socket: null for the peer of a connected port. */
    @Nullable
    SockAddr destination(int length, SockAddr destination) {
        var to = inFamily("write", destination);
        requireLength(length, to);
        if (peer == null) {
            return to;
        }
        if (!isPeer(to)) {
            throw new InvalidAddressException(
                    "write() to " + destination + " on a port that is connected to " + peer);
        }
        return null;
    }

    /**
     * Asks the kernel for the peer again, which another holder of the socket may have changed. Returns whether it has.
     */
    boolean refresh() {
        try {
            var now = socket.peerAddress();
            if (Objects.equals(now, peer)) {
                return false;
            }
            local = socket.localAddress();
            firstPeer = now;
            if (now == null) {
                forget();
            } else {
                peer = now;
                asked = now;
                queueErrors();
            }
            return true;
        } catch (SyscallException e) {
            // ENOBUFS: the next call asks again.
            return false;
        }
    }

    void requirePeer(int length) {
        if (peer == null) {
            throw new IllegalStateException("write() without an address on a port that is not connected");
        }
        requireLength(length, peer);
    }

    /**
     * Disconnects a connected port first. A port that is bound to the wildcard gets a local address when it connects,
     * by the route to its peer, and would keep this address when it is connected again (__ip4_datagram_connect of
     * net/ipv4/datagram.c sets it only once). From 127.0.0.1, for instance, it could not reach another host.
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

    /**
     * Connects to the former peer again. The kernel may refuse this: the route is gone, or another process has taken
     * the port.
     */
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
        var former = peer;
        if (former != null) {
            forget();
            try {
                socket.disconnect();
            } finally {
                local = socket.localAddress();
            }
            if (ipv6 && !saidDeaf) {
                saidDeaf = true;
                LimitedLog.always(Logger.Level.WARNING,
                        "{0}: disconnected, but Linux goes on receiving IPv6 datagrams from the former peer {1} alone;"
                                + " to hear others, stop the port and listen anew",
                        local, former);
            }
        }
    }

    /**
     * An IPv6 socket needs both options, for peers of either family: udpv6_err and __udp4_lib_err each check their own.
     */
    private void queueErrors() {
        queued = switchOn(IpOptions.RECVERR);
        if (ipv6) {
            queued &= switchOn(Ipv6Options.RECVERR);
        }
        if (queued && !errors && !canBeRead()) {
            switchOff();
        }
    }

    /** A seccomp filter may refuse recvmsg. The queue would then report its first entry for ever. */
    private boolean canBeRead() {
        try {
            socket.drainErrors();
            return true;
        } catch (SyscallException e) {
            LimitedLog.always(Logger.Level.DEBUG, "the error queue is not available, continuing without it: {0}",
                    e.getMessage());
            return false;
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

    /**
     * Restores the options, and the peer of an adopted socket, before the port is closed: other holders go on using the
     * socket.
     */
    void release(boolean adopted) {
        if (adopted) {
            refresh();
        }
        switchOff();
        if (adopted && !Objects.equals(peer, firstPeer)) {
            try {
                socket.disconnect();
                if (firstPeer != null) {
                    socket.connect(firstPeer);
                }
            } catch (SyscallException e) {
                LimitedLog.always(Logger.Level.WARNING,
                        "{0}: the peer of the adopted socket could not be restored: {1}", local, e.getMessage());
            }
        }
    }

    /** Whether an entry of the error queue says that the current peer can't be reached. */
    boolean isRefusal(SocketError error) {
        return peer != null && error.errno() != Errno.EMSGSIZE && peer.equals(error.destination());
    }

    /**
     * Returns the peer if the pending error of the socket means that it can't be reached; otherwise null. The error
     * queue may have no entry for it: the kernel has no queue, another holder of the socket has switched it off, or the
     * receive buffer was full, so that there was no room for one.
     */
    @Nullable
    SockAddr refusing(int errno) {
        if (errno == Errno.EMSGSIZE || !Errno.isRaisedByIcmp(errno) || peer == null) {
            return null;
        }
        if (!queued || !isQueued()) {
            queueErrors();
        }
        return peer;
    }

    private boolean isQueued() {
        return isOn(IpOptions.RECVERR)
                && (!ipv6 || isOn(Ipv6Options.RECVERR));
    }

    /** Adds the destination to the failure of a datagram to the peer, which was sent without one. */
    SendFailure named(SendFailure failure) {
        return failure.destination() != null ? failure : new SendFailure(peer, failure.length(), failure.errno());
    }

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

    /**
     * The address in the form of the port's family: an IPv4 address is mapped where the port serves both families. The
     * kernel would take it unmapped, too, but datagrams to one destination stay in order only if it has one form.
     */
    SockAddr inFamily(String call, SockAddr address) {
        if (address.isIpv6() == ipv6) {
            return address;
        }
        if (servesIpv4) {
            return address.toIpv4Mapped();
        }
        throw new InvalidAddressException(
                ipv6
                        ? "IPv6 port " + call + "() called with IPv4 address " + address
                        : "IPv4 port " + call + "() called with IPv6 address " + address);
    }

    private static void requireLength(int length, SockAddr destination) {
        if (length > IPV4_LARGEST) {
            var most = destination.isIpv6() && !destination.isIpv4Mapped() ? IPV6_LARGEST : IPV4_LARGEST;
            if (length > most) {
                throw new MessageLengthException(length, most);
            }
        }
    }

    /** Reads the local address of a socket that was never bound: the kernel chooses its port at the first send. */
    void refreshLocal() {
        if (local.port() == 0) {
            try {
                local = socket.localAddress();
            } catch (SyscallException e) {
                // ENOBUFS: the port stays unknown until the next flush.
            }
        }
    }
}
