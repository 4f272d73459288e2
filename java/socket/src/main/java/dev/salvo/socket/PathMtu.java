package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Layouts;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * What fits a path: the kernel keeps it for each destination, as routers tell it, and forgets it after ten minutes
 * (net.ipv4.route.mtu_expires, net.ipv6.route.mtu_expires).
 */
public final class PathMtu {

    /**
     * What the route depends on beside the addresses, or the address that may be bound, where it is not 0. The rows of
     * UNICAST_IF come before BINDTOIFINDEX, after which the kernel refuses them.
     */
    private static final List<SockOpt<Integer>> OF_THE_ROUTE = List.of(
            asInt(Ipv6Options.V6ONLY), asInt(IpOptions.FREEBIND), asInt(IpOptions.TRANSPARENT), IpOptions.UNICAST_IF,
            Ipv6Options.UNICAST_IF,
            SocketOptions.BINDTOIFINDEX, SocketOptions.MARK);

    private static final int UDP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    /** What the length fields of IPv4 and of UDP, 16 bits each, have room for (RFC 791, RFC 768). */
    private static final int IPV4_LARGEST = 65_507;

    private static final int IPV6_LARGEST = 65_527;

    private PathMtu() {}

    /**
     * What the kernel knows of a path at present: until a router has told something, it is the interface's or the
     * route's MTU.
     *
     * <p>IP_MTU is for connected sockets alone, so a temporary one is connected, of the same family, with the same
     * SO_BINDTOIFINDEX, SO_MARK, UNICAST_IF, V6ONLY, FREEBIND and TRANSPARENT, bound to the same address if the socket
     * is bound to one, and with a port of its own: nothing is sent, and it is closed at once. This takes twelve system
     * calls, and one more for each of these that is set, and for the address. It is done so for a connected socket too:
     * the kernel gives that one the MTU of the route that it found when it connected or sent last, which another socket
     * may have found out to be less since.
     *
     * @param socket what would send there; in the network namespace of the calling thread
     * @param destination where to; its port counts for nothing, but isn't 0
     * @return bytes, with the IP header, as IP_MTU and IPV6_MTU have it: 65,535 and 65,536 on loopback. Of a group, for
     * the interface that the routes say, not for MULTICAST_IF
     * @throws SyscallException ENETUNREACH and its kin if there is no route, EACCES for a broadcast address,
     *     EAFNOSUPPORT for an IPv6 destination of an INET socket, EADDRNOTAVAIL if the socket's address has left the
     *     host, EPERM if the socket has a mark or is transparent, and this process may not have it so; EMFILE
     * @throws IllegalArgumentException if the destination's port is 0
     */
    public static int to(UdpSocket socket, SockAddr destination) throws SyscallException {
        if (destination.port() == 0) {
            throw new IllegalArgumentException("no destination has port 0: " + destination);
        }
        var local = socket.localAddress();
        try (var arena = Arena.ofConfined()) {
            var options = new OptionCalls(socket.fileDescriptor(), arena);
            var fd = temporary(socket);
            try {
                var settings = new OptionCalls(fd, arena);
                for (var option : OF_THE_ROUTE) {
                    var value = options.getOr(option, 0);
                    if (value != 0) {
                        settings.set(option, value);
                    }
                }
                var memory = arena.allocate(SockAddr.ROOM, Long.BYTES);
                bind(fd, local, memory);
                var length = destination.store(memory, 0);
                SyscallErrors.check("connect", destination, fd.kernel().connect(fd.number(), memory, length));
                return settings.get(AddressBits.isNativeIpv6(destination) ? Ipv6Options.MTU : IpOptions.MTU);
            } finally {
                fd.close();
            }
        }
    }

    /** A socket of the same family, for questions that the kernel answers of a socket alone. */
    static FileDescriptor temporary(UdpSocket socket) throws SyscallException {
        var kernel = socket.fileDescriptor().kernel();
        var family = socket.family() == StandardProtocolFamily.INET6 ? Linux.AF_INET6() : Linux.AF_INET();
        var type = Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC();
        return new FileDescriptor(
                kernel, SyscallErrors.check("socket", kernel.socket(family, type, Linux.IPPROTO_UDP())));
    }

    /** The routes may depend on the source; the wildcard is none. */
    private static void bind(FileDescriptor fd, SockAddr local, MemorySegment memory) throws SyscallException {
        if (!AddressBits.isWildcard(local)) {
            var length = local.store(memory, 0);
            memory.set(JAVA_SHORT, Layouts.SIN_PORT, (short) 0);
            SyscallErrors.check("bind", local, fd.kernel().bind(fd.number(), memory, length));
        }
    }

    /** The kernel makes no difference between a boolean and an int that is 1. */
    private static SockOpt<Integer> asInt(SockOpt<Boolean> option) {
        return SockOpt.ofInt(option.name(), option.level(), option.number());
    }

    /**
     * The length of the largest datagram that goes through unfragmented: what is left of an MTU after the headers of
     * IPv4 and UDP, 28 bytes, or of IPv6 and UDP, 48. IPv4 options and IPv6 extension headers, which nothing sends
     * unless it is told to, take more.
     *
     * @param mtu bytes, of {@link #to} or {@link SocketError#mtu}
     * @param destination where to, which says the family: an IPv4-mapped one is IPv4
     * @return 0 to 65,507, over IPv6 0 to 65,527
     */
    public static int largestPayload(int mtu, SockAddr destination) {
        return AddressBits.isNativeIpv6(destination)
                ? Math.clamp((long) mtu - IPV6_HEADER - UDP_HEADER, 0, IPV6_LARGEST)
                : Math.clamp((long) mtu - IPV4_HEADER - UDP_HEADER, 0, IPV4_LARGEST);
    }

    /**
     * Says what becomes of datagrams that do not fit: sets IP_MTU_DISCOVER, and IPV6_MTU_DISCOVER too on an INET6
     * socket, where the former is for IPv4-mapped destinations.
     *
     * @param socket the socket
     * @param mode what it is to do
     * @throws SyscallException EINVAL on a kernel without the mode
     */
    public static void discovery(UdpSocket socket, PathMtuDiscovery mode) throws SyscallException {
        socket.set(IpOptions.MTU_DISCOVER, mode);
        if (socket.family() == StandardProtocolFamily.INET6) {
            socket.set(Ipv6Options.MTU_DISCOVER, mode);
        }
    }
}
