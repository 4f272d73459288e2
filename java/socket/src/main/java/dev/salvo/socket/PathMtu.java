package dev.salvo.socket;

import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.Binding;
import dev.salvo.socket.internal.descriptor.NetworkNamespace;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.descriptor.UdpDescriptors;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * The path MTU: the largest packet that reaches a destination without fragmentation. The kernel keeps it for each
 * destination, as routers report it, and forgets it after ten minutes (net.ipv4.route.mtu_expires,
 * net.ipv6.route.mtu_expires).
 */
public final class PathMtu {

    /**
     * The options, besides the addresses, that decide the route, or which address can be bound. They are copied if they
     * are not 0. The rows of UNICAST_IF come before BINDTOIFINDEX, because the kernel refuses them after it.
     */
    private static final List<SockOpt<Integer>> ROUTE_OPTIONS = List.of(
            asInt(Ipv6Options.V6ONLY), asInt(IpOptions.FREEBIND), asInt(IpOptions.TRANSPARENT), IpOptions.TOS,
            Ipv6Options.TCLASS, IpOptions.UNICAST_IF, Ipv6Options.UNICAST_IF,
            SocketLevelOptions.BINDTOIFINDEX, SocketLevelOptions.MARK);

    private static final int UDP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    /** The largest payload that the 16-bit length field of IPv4 has room for (RFC 791). */
    private static final int IPV4_LARGEST = 65_507;

    /** The largest payload that the 16-bit length field of UDP has room for (RFC 768). */
    private static final int IPV6_LARGEST = 65_527;

    private PathMtu() {}

    /**
     * The path MTU that the kernel assumes at present. Until a router has reported one, it is the MTU of the interface
     * or of the route.
     *
     * <p>
     * The kernel reports IP_MTU for connected sockets only. So this method connects a temporary socket, which sends
     * nothing, and closes it at once. It has the same family, SO_BINDTOIFINDEX, SO_MARK, UNICAST_IF, TOS or TCLASS,
     * V6ONLY, FREEBIND and TRANSPARENT. If the socket is bound to an address, the temporary socket is bound to it, too.
     * This takes seventeen system calls, and one more for each of these options that is set, and for the address.
     *
     * <p>
     * What else can select a route is not known to the temporary socket: its port, which is another one, for rules by
     * source port ({@code ip rule add sport}); the user who opened the socket, for rules by user; the source address,
     * interface and traffic class that {@link SendOptions} give to single datagrams; and what netfilter marks.
     *
     * <p>
     * The temporary socket is used for a connected socket, too: for that one the kernel reports the MTU of the route
     * that it found when the socket connected or last sent, and another socket may have found a smaller one since.
     *
     * @param socket the socket that would send there
     * @param destination where to; its port must not be 0, but is otherwise ignored
     * @return bytes, including the IP header, as IP_MTU and IPV6_MTU report it: on loopback 65,535 over IPv4, and
     * 65,536 over IPv6. For a group it is the MTU of the interface that the routes select, not of MULTICAST_IF
     * @throws SyscallException ENETUNREACH and similar if there is no route, EACCES for a broadcast address (also if
     *     the socket has BROADCAST, since that option is not copied), EAFNOSUPPORT for an IPv6 destination of an INET
     *     socket, EADDRNOTAVAIL if this host no longer has the socket's address, EPERM if the socket has a mark or is
     *     transparent and this process may not set that, EMFILE if there are too many descriptors, EADDRINUSE if no
     *     local port is free for the temporary socket, EOPNOTSUPP if the socket is of another network namespace than
     *     the calling thread, whose routes the kernel does not tell (known since Linux 5.14, which has SO_NETNS_COOKIE;
     *     before, the thread's routes are asked)
     * @throws IllegalArgumentException if the destination's port is 0
     */
    public static int to(UdpSocket socket, SockAddr destination) throws SyscallException {
        if (destination.port() == 0) {
            throw new IllegalArgumentException("the port of a destination is not 0: " + destination);
        }
        var local = socket.localAddress();
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(socket.fileDescriptor(), arena);
            var fd = UdpDescriptors.open(socket.fileDescriptor().kernel(), socket.family(), 0);
            try {
                var settings = new OptionCalls(fd, arena);
                if (NetworkNamespace.differ(options, settings)) {
                    throw new SyscallException("getsockopt", "IP_MTU for " + destination + ": the socket is of another"
                            + " network namespace, whose routes can't be asked from here", Errno.EOPNOTSUPP);
                }
                for (var option : ROUTE_OPTIONS) {
                    var value = options.getOr(option, 0);
                    if (value != 0) {
                        settings.set(option, value);
                    }
                }
                var memory = arena.allocate(Struct.ROOM, Long.BYTES);
                // The route may depend on the source address; the wildcard is no source.
                if (!Struct.isWildcard(local)) {
                    new Binding(fd, settings, arena).bind(local.withPort(0));
                }
                var length = Struct.store(destination, memory, 0);
                connect(fd, destination, memory, length);
                return settings.get(Struct.isNativeIpv6(destination) ? Ipv6Options.MTU : IpOptions.MTU);
            } finally {
                fd.close();
            }
        }
    }

    /** The kernel says EAGAIN if no port is free (inet_autobind of net/ipv4/af_inet.c), where bind says EADDRINUSE. */
    private static void connect(FileDescriptor fd, SockAddr destination, MemorySegment memory, int length)
            throws SyscallException {
        var result = fd.kernel().connect(fd.number(), memory, length);
        if (result == -Errno.EAGAIN) {
            throw new SyscallException("connect", destination + ", for which no local port is free", Errno.EADDRINUSE);
        }
        SyscallErrors.check("connect", destination, result);
    }

    /** The kernel does not distinguish a boolean from an int that is 1. */
    private static SockOpt<Integer> asInt(SockOpt<Boolean> option) {
        return SockOpt.ofInt(option.name(), option.level(), option.number());
    }

    /**
     * The length of the largest datagram that is sent without fragmentation: an MTU less the headers, which are 28
     * bytes for IPv4 and UDP, and 48 bytes for IPv6 and UDP. IPv4 options and IPv6 extension headers take more, but are
     * sent only if a program asks for them.
     *
     * <p>
     * For the MTU of a path, this is true in the modes DONT, WANT and DO of {@link PathMtuDiscovery}. In the modes
     * PROBE, INTERFACE and OMIT the kernel ignores the MTU that it has learned: the limit is the MTU of the interface.
     *
     * @param mtu bytes, from {@link #to} or {@link SocketError#mtu}
     * @param destination where to; its family decides which headers are sent, and an IPv4-mapped address is IPv4
     * @return 0 to 65,507 bytes over IPv4, 0 to 65,527 bytes over IPv6
     */
    public static int largestPayload(int mtu, SockAddr destination) {
        return Struct.isNativeIpv6(destination)
                ? Math.clamp((long) mtu - IPV6_HEADER - UDP_HEADER, 0, IPV6_LARGEST)
                : Math.clamp((long) mtu - IPV4_HEADER - UDP_HEADER, 0, IPV4_LARGEST);
    }

    /**
     * Sets what the kernel does with datagrams that are larger than the path MTU. This sets IP_MTU_DISCOVER and, on an
     * INET6 socket, IPV6_MTU_DISCOVER, too; there, IP_MTU_DISCOVER applies to IPv4-mapped destinations.
     *
     * @param socket the socket
     * @param mode what to do with these datagrams
     * @throws SyscallException EINVAL if the kernel does not support the mode
     */
    public static void discovery(UdpSocket socket, PathMtuDiscovery mode) throws SyscallException {
        socket.set(IpOptions.MTU_DISCOVER, mode);
        if (socket.family() == StandardProtocolFamily.INET6) {
            socket.set(Ipv6Options.MTU_DISCOVER, mode);
        }
    }
}
