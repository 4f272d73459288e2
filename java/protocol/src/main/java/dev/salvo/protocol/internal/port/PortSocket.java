package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.UnsupportedAddressFamilyException;
import dev.salvo.protocol.UnsupportedSocketTypeException;
import dev.salvo.protocol.internal.record.LimitedLog;

import dev.salvo.socket.Metadata;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.StandardProtocolFamily;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a port.
 *
 * @param socket bound, unless it was adopted unbound
 * @param lent the options to restore on an adopted socket, which it shares with the other holders of the socket; null
 *     for a socket that was opened here
 * @param groupStop stops the port on the other members of its group; null if it belongs to no group
 */
public record PortSocket(UdpSocket socket, @Nullable RestoredOptions lent, @Nullable Runnable groupStop) {

    /** Additional setup of a socket before it is bound. */
    public interface Setup {
        void apply(UdpSocket socket) throws SyscallException;
    }

    /** Opens and binds a socket. If that fails, nothing stays open. */
    public static PortSocket open(SockAddr address, PortOptions options) throws SyscallException {
        return open(address, options, socket -> {});
    }

    public static PortSocket open(SockAddr address, PortOptions options, Setup beforeBind) throws SyscallException {
        requireOneWayToShare(options);
        var ipv6 = address.isIpv6();
        if (options.v6Only() && !ipv6) {
            throw new IllegalArgumentException("v6Only is for ports with an IPv6 interface, not for " + address);
        }
        var socket = UdpSocket.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            if (options.coalescing()) {
                setIfPossible(socket, UdpOptions.GRO, true);
            }
            setIfPossible(socket, IpOptions.MULTICAST_ALL, false);
            if (ipv6) {
                setIfPossible(socket, Ipv6Options.MULTICAST_ALL, false);
                setV6Only(socket, address, options.v6Only());
            }
            if (options.listenMultiple()) {
                // Without SO_REUSEPORT: with it, a datagram to a group that only one of the sockets has joined would
                // go to any of them, by its hash (inet_steal_sock of include/net/inet_hashtables.h, Linux 6.18).
                socket.set(SocketLevelOptions.REUSEADDR, true);
            }
            for (var metadata : metadataToEnable(options)) {
                metadata.enable(socket);
            }
            if (options.sharedPort()) {
                socket.set(SocketLevelOptions.REUSEPORT, true);
            }
            beforeBind.apply(socket);
            socket.bind(address);
            return new PortSocket(socket, null, null);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket on one address is V6ONLY or IPv4-mapped anyway (__inet6_bind of net/ipv6/af_inet6.c). */
    private static void setV6Only(UdpSocket socket, SockAddr address, boolean on) throws SyscallException {
        if (on) {
            socket.set(Ipv6Options.V6ONLY, true);
        } else if (address.host().equals("::")) {
            setIfPossible(socket, Ipv6Options.V6ONLY, false);
        }
    }

    /**
     * Refuses both options together: a socket with SO_REUSEADDR silently takes the unicast datagrams from the sockets
     * that share the port by SO_REUSEPORT.
     */
    public static void requireOneWayToShare(PortOptions options) {
        if (options.listenMultiple() && options.sharedPort()) {
            throw new IllegalArgumentException("a port is shared by listenMultiple or by sharedPort, not by both");
        }
    }

    /** Duplicates a descriptor. Changes only the socket options that the port's options ask for. */
    public static PortSocket adopt(int descriptor, PortOptions options) throws IOException {
        if (!options.interfaceAddress().isEmpty() || options.listenMultiple() || options.sharedPort()
                || options.v6Only()) {
            throw new IllegalArgumentException("the reactor does not bind an adopted socket:"
                    + " the options must have no interface, no listenMultiple, no sharedPort and no v6Only");
        }
        var socket = adopt(descriptor);
        var metadata = new RestoredOptions(socket);
        try {
            metadata.enable(metadataToEnable(options));
            return new PortSocket(socket, metadata, null);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    private static UdpSocket adopt(int descriptor) throws IOException {
        try {
            return UdpSocket.adoptDuplicate(descriptor);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EAFNOSUPPORT) {
                throw new UnsupportedAddressFamilyException(descriptor, e);
            }
            if (e.errno() == Errno.EPROTOTYPE || e.errno() == Errno.EPROTONOSUPPORT) {
                throw new UnsupportedSocketTypeException(descriptor, e);
            }
            throw e;
        }
    }

    /** This socket as a member of a group, whose ports stop together. */
    public PortSocket inGroup(Runnable stop) {
        return new PortSocket(socket, lent, stop);
    }

    void stopGroup() {
        if (groupStop != null) {
            groupStop.run();
        }
    }

    /** With answerFromAsked, the port must know the local address of each datagram. */
    private static Set<Metadata> metadataToEnable(PortOptions options) {
        if (!options.answerFromAsked()) {
            return options.metadata();
        }
        var all = EnumSet.of(Metadata.LOCAL_ADDRESS);
        all.addAll(options.metadata());
        return all;
    }

    boolean adopted() {
        return lent != null;
    }

    /** Restores the options of an adopted socket for its other holders, and closes the descriptor. */
    void close() {
        try {
            if (lent != null) {
                lent.undo();
            }
        } finally {
            socket.close();
        }
    }

    /**
     * When a wildcard socket connects, the kernel removes it from the SO_REUSEPORT array of its port (udp_lib_rehash of
     * net/ipv4/udp.c).
     */
    void requireConnectable() {
        if (groupStop != null) {
            throw new IllegalStateException("a port of a group can't be connected: it would leave the group");
        }
    }

    /**
     * Sets an option if it is available. The kernel, a seccomp filter or a sandbox may not support it; the port works
     * without it.
     */
    public static boolean setIfPossible(UdpSocket socket, SockOpt<Boolean> option, boolean value) {
        try {
            socket.set(option, value);
            return true;
        } catch (SyscallException e) {
            LimitedLog.always(Logger.Level.DEBUG, "{0} is not available, continuing without it: {1}", option,
                    e.getMessage());
            return false;
        }
    }
}
