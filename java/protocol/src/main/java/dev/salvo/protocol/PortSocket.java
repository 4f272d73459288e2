package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import dev.salvo.socket.option.UdpOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a port.
 *
 * @param socket bound, unless it was adopted unbound
 * @param lent what to put back of a socket that was adopted, since others may have descriptors of it, whose options
 *     they are too; null of one that was opened
 */
record PortSocket(UdpSocket socket, @Nullable MetadataOptions lent) {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** What else a socket needs. */
    interface Setup {
        void apply(UdpSocket socket) throws SyscallException;
    }

    /** Opens and binds one, or leaves nothing open. */
    static PortSocket open(SockAddr address, PortOptions options) throws SyscallException {
        return open(address, options, socket -> {});
    }

    /** The same, with something done before it is bound. */
    static PortSocket open(SockAddr address, PortOptions options, Setup beforeBind) throws SyscallException {
        requireOneWayToShare(options);
        var ipv6 = address.isIpv6();
        var socket = UdpSocket.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            if (options.coalescing()) {
                setIfPossible(socket, UdpOptions.GRO, true);
            }
            setIfPossible(socket, IpOptions.MULTICAST_ALL, false);
            if (ipv6) {
                setIfPossible(socket, Ipv6Options.MULTICAST_ALL, false);
            }
            if (options.listenMultiple()) {
                // Not SO_REUSEPORT beside it: a datagram to a group that one of the sharers alone has joined would be
                // dealt to any of them, by its hash (inet_steal_sock of include/net/inet_hashtables.h, Linux 6.18).
                socket.set(SocketOptions.REUSEADDR, true);
            }
            for (var metadata : options.metadataToEnable()) {
                metadata.enable(socket);
            }
            if (options.sharedPort()) {
                socket.set(SocketOptions.REUSEPORT, true);
            }
            beforeBind.apply(socket);
            socket.bind(address);
            return new PortSocket(socket, null);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /** SO_REUSEADDR lets a socket take what is sent to one host from those that share by SO_REUSEPORT, in silence. */
    static void requireOneWayToShare(PortOptions options) {
        if (options.listenMultiple() && options.sharedPort()) {
            throw new IllegalArgumentException("a port is shared by listenMultiple or by sharedPort, not by both");
        }
    }

    /** Duplicates a descriptor, and changes nothing of the socket but what the options ask for. */
    static PortSocket adopt(int descriptor, PortOptions options) throws IOException {
        var socket = adopt(descriptor);
        var metadata = new MetadataOptions(socket);
        try {
            metadata.enable(options.metadataToEnable());
            return new PortSocket(socket, metadata);
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

    boolean adopted() {
        return lent != null;
    }

    /** Closes it, and before that puts back what others would find changed. */
    void close() {
        if (lent != null) {
            lent.undo();
        }
        socket.close();
    }

    /** A kernel, a seccomp filter or a sandbox without the option: the port works without it. */
    static boolean setIfPossible(UdpSocket socket, SockOpt<Boolean> option, boolean value) {
        try {
            socket.set(option, value);
            return true;
        } catch (SyscallException e) {
            LOG.log(Logger.Level.DEBUG, "going on without {0}: {1}", option, e.getMessage());
            return false;
        }
    }
}
