package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.LinuxExtras;

/**
 * Options of level IPPROTO_IP: ip(7) and, for what that leaves out, net/ipv4/ip_sockglue.c of the kernel.
 *
 * <p>
 * They can be set on an IPv6 socket, too, and there apply to IPv4-mapped addresses.
 */
public final class IpOptions {

    /**
     * The time to live of unicast datagrams, 1 to 255; -1 for the default, net.ipv4.ip_default_ttl. EINVAL for other
     * values.
     */
    public static final SockOpt<Integer> TTL = number("IP_TTL", Linux.IP_TTL());

    /**
     * The type of service, 0 to 255: DSCP in the upper six bits, ECN in the lower two. Setting it sets
     * {@link SocketLevelOptions#PRIORITY} as well.
     */
    public static final SockOpt<Integer> TOS = number("IP_TOS", Linux.IP_TOS());

    /**
     * The path MTU of a connected socket, in bytes; ENOTCONN on a socket that is not connected. Read-only
     * (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> MTU = number("IP_MTU", Linux.IP_MTU());

    /**
     * Whether datagrams may be fragmented, by this host and on the way. The default is WANT, unless
     * net.ipv4.ip_no_pmtu_disc selects another mode.
     */
    public static final SockOpt<PathMtuDiscovery> MTU_DISCOVER = new SockOpt<>("IP_MTU_DISCOVER",
            PathMtuDiscovery.class, Linux.IPPROTO_IP(), Linux.IP_MTU_DISCOVER(), PathMtuDiscovery.CODEC);

    /** Allows the socket to bind an address that the host does not have, or does not have yet. Set it before bind. */
    public static final SockOpt<Boolean> FREEBIND = flag("IP_FREEBIND", Linux.IP_FREEBIND());

    /**
     * Allows the socket to bind any address and to send from it, for transparent proxies. Switching it on is EPERM
     * without CAP_NET_ADMIN or CAP_NET_RAW. Set it before bind.
     */
    public static final SockOpt<Boolean> TRANSPARENT = flag("IP_TRANSPARENT", Linux.IP_TRANSPARENT());

    /**
     * Makes a bind to port 0 leave the choice of the port to connect, or to the first send. For UDP it does no more
     * than that: sockets with different peers do not share a port, as they do for TCP, because connect binds first
     * (inet_dgram_connect of net/ipv4/af_inet.c). Set it before bind.
     */
    public static final SockOpt<Boolean> BIND_ADDRESS_NO_PORT = flag("IP_BIND_ADDRESS_NO_PORT",
            Linux.IP_BIND_ADDRESS_NO_PORT());

    /**
     * The ports that the kernel may choose from when the socket is bound to port 0, limited to those within
     * net.ipv4.ip_local_port_range. It applies to IPv6 as well. Set it before bind. EINVAL if the lower bound is above
     * the upper one. Since Linux 6.3.
     */
    public static final SockOpt<PortRange> LOCAL_PORT_RANGE = new SockOpt<>("IP_LOCAL_PORT_RANGE", PortRange.class,
            Linux.IPPROTO_IP(), LinuxExtras.IP_LOCAL_PORT_RANGE, PortRange.CODEC);

    /**
     * The index of the interface by which unicast datagrams are sent; 0 leaves the choice to the routes. If it is set,
     * routes by other interfaces are not used; if no route uses this interface, the destination is taken for a
     * neighbour on it. Unlike {@link SocketLevelOptions#BINDTOIFINDEX} it does not limit what the socket receives.
     *
     * <p>
     * EADDRNOTAVAIL if there is no such interface. EINVAL if the socket is bound to an interface, unless that is the
     * VRF that this one belongs to. The kernel expects the index in network byte order, into which this row converts
     * it.
     */
    public static final SockOpt<Integer> UNICAST_IF = new SockOpt<>("IP_UNICAST_IF", Integer.class, Linux.IPPROTO_IP(),
            Linux.IP_UNICAST_IF(), SockOpt.NETWORK_ORDER);

    /** The time to live of datagrams to IPv4 groups, 0 to 255; -1 for the default, which is 1. */
    public static final SockOpt<Integer> MULTICAST_TTL = number("IP_MULTICAST_TTL", Linux.IP_MULTICAST_TTL());

    /**
     * Delivers what this socket sends to IPv4 groups to this host, too. It is on by default. The sender decides this:
     * the value of a receiving socket has no effect.
     */
    public static final SockOpt<Boolean> MULTICAST_LOOP = flag("IP_MULTICAST_LOOP", Linux.IP_MULTICAST_LOOP());

    /**
     * The interface by which datagrams to IPv4 groups are sent. EADDRNOTAVAIL if no interface has that index or
     * address. {@link dev.salvo.socket.Multicast#outgoingInterface} makes a value from a name.
     */
    public static final SockOpt<OutgoingInterface> MULTICAST_IF = new SockOpt<>("IP_MULTICAST_IF",
            OutgoingInterface.class, Linux.IPPROTO_IP(), Linux.IP_MULTICAST_IF(), OutgoingInterface.CODEC);

    /** Delivers what is sent to IPv4 groups that any process of this host has joined. It is on by default. */
    public static final SockOpt<Boolean> MULTICAST_ALL = flag("IP_MULTICAST_ALL", Linux.IP_MULTICAST_ALL());

    /** Reports the type of service of each datagram, in a control message IP_TOS of one byte. */
    public static final SockOpt<Boolean> RECVTOS = flag("IP_RECVTOS", Linux.IP_RECVTOS());

    /** Reports the time to live of each datagram, in a control message IP_TTL of an int. */
    public static final SockOpt<Boolean> RECVTTL = flag("IP_RECVTTL", Linux.IP_RECVTTL());

    /**
     * Reports the address and port that each datagram was sent to, in a control message IP_ORIGDSTADDR of a
     * sockaddr_in. If a rule redirected the datagram (TPROXY), it is the address before that.
     */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = flag("IP_RECVORIGDSTADDR", Linux.IP_RECVORIGDSTADDR());

    /** Reports the IP options of each datagram that has any, in a control message IP_RECVOPTS of up to 40 bytes. */
    public static final SockOpt<Boolean> RECVOPTS = flag("IP_RECVOPTS", Linux.IP_RECVOPTS());

    /**
     * Reports the size of the largest fragment of each datagram that arrived in fragments, in a control message
     * IP_RECVFRAGSIZE of an int.
     */
    public static final SockOpt<Boolean> RECVFRAGSIZE = flag("IP_RECVFRAGSIZE", Linux.IP_RECVFRAGSIZE());

    /** Reports the local address and the interface of each datagram, in a control message IP_PKTINFO. */
    public static final SockOpt<Boolean> PKTINFO = flag("IP_PKTINFO", Linux.IP_PKTINFO());

    /**
     * Reports the checksum of each datagram's payload, in a control message IP_CHECKSUM of 32 bits that are not folded
     * yet. The control message is present only if the kernel or the network card has summed the whole packet.
     */
    public static final SockOpt<Boolean> CHECKSUM = flag("IP_CHECKSUM", Linux.IP_CHECKSUM());

    /**
     * Reports the security context of each datagram's sender, in a control message SCM_SECURITY of text. The control
     * message is present only if SELinux or another security module labels the packets of the network (IPsec,
     * NetLabel).
     */
    public static final SockOpt<Boolean> PASSSEC = flag("IP_PASSSEC", Linux.IP_PASSSEC());

    /** Puts ICMP errors into the error queue. From then on, a pending error can fail the next send. */
    public static final SockOpt<Boolean> RECVERR = flag("IP_RECVERR", Linux.IP_RECVERR());

    /**
     * Reports with each ICMP error where the extensions of RFC 4884 begin in the datagram that it quotes, and whether
     * they are valid. The error queue then has the quoted datagram without its UDP header. This is for programs that
     * read the error queue themselves: {@link dev.salvo.socket.SocketError} has no field for it. Since Linux 5.9.
     */
    public static final SockOpt<Boolean> RECVERR_RFC4884 = flag("IP_RECVERR_RFC4884", Linux.IP_RECVERR_RFC4884());

    private IpOptions() {}

    private static SockOpt<Boolean> flag(String name, int number) {
        return SockOpt.ofBoolean(name, Linux.IPPROTO_IP(), number);
    }

    private static SockOpt<Integer> number(String name, int number) {
        return SockOpt.ofInt(name, Linux.IPPROTO_IP(), number);
    }
}
