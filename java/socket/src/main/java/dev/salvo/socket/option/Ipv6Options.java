package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.LinuxExtras;

/**
 * Options of level IPPROTO_IPV6: ipv6(7), RFC 3542 and, for what those leave out, net/ipv6/ipv6_sockglue.c of the
 * kernel.
 */
public final class Ipv6Options {

    /**
     * Limits the socket to IPv6. While it is off, a socket that is bound to {@code ::} receives IPv4, too. It can be
     * set only before bind (EINVAL).
     */
    public static final SockOpt<Boolean> V6ONLY = flag("IPV6_V6ONLY", Linux.IPV6_V6ONLY());

    /** The hop limit of unicast datagrams, 0 to 255; -1 for the default. EINVAL for other values. */
    public static final SockOpt<Integer> UNICAST_HOPS = number("IPV6_UNICAST_HOPS", Linux.IPV6_UNICAST_HOPS());

    /** The traffic class, 0 to 255: DSCP in the upper six bits, ECN in the lower two. -1 means 0. */
    public static final SockOpt<Integer> TCLASS = number("IPV6_TCLASS", Linux.IPV6_TCLASS());

    /**
     * The value that is read is the path MTU of a connected socket, in bytes; ENOTCONN on a socket that is not
     * connected.
     *
     * <p>
     * The value that is set is another one: the size of the fragments that larger datagrams are sent in. It is at least
     * 1,280 bytes, or 0 for the path MTU; EINVAL for other values. It cannot be read.
     */
    public static final SockOpt<Integer> MTU = number("IPV6_MTU", Linux.IPV6_MTU());

    /** Whether this host may fragment datagrams. The default is WANT. */
    public static final SockOpt<PathMtuDiscovery> MTU_DISCOVER = new SockOpt<>("IPV6_MTU_DISCOVER",
            PathMtuDiscovery.class, Linux.IPPROTO_IPV6(), Linux.IPV6_MTU_DISCOVER(), PathMtuDiscovery.CODEC);

    /**
     * The path MTU of a connected socket, in bytes; ENOTCONN on a socket that is not connected. This is RFC 3542's form
     * of {@link #MTU}. Read-only (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> PATHMTU = new SockOpt<>("IPV6_PATHMTU", Integer.class, Linux.IPPROTO_IPV6(),
            Linux.IPV6_PATHMTU(), SockOpt.PATH_MTU);

    /**
     * Reports a datagram that was refused with EMSGSIZE because {@link #DONTFRAG} forbids to fragment it. The report is
     * a message without payload, which has a control message IPV6_PATHMTU of a struct ip6_mtuinfo.
     * {@link dev.salvo.socket.ReceiveBatch} returns it at the next receive, as an empty datagram. Its source is the
     * address that the refused datagram was sent to, with port 0. epoll does not report it.
     */
    public static final SockOpt<Boolean> RECVPATHMTU = flag("IPV6_RECVPATHMTU", Linux.IPV6_RECVPATHMTU());

    /**
     * Makes the kernel refuse datagrams that are larger than the known path MTU with EMSGSIZE, instead of fragmenting
     * them. In the modes of {@link PathMtuDiscovery} from PROBE on, the limit is the MTU of the interface.
     */
    public static final SockOpt<Boolean> DONTFRAG = flag("IPV6_DONTFRAG", Linux.IPV6_DONTFRAG());

    /** The same as {@link IpOptions#FREEBIND}: the socket has one flag for both. */
    public static final SockOpt<Boolean> FREEBIND = flag("IPV6_FREEBIND", Linux.IPV6_FREEBIND());

    /** The same as {@link IpOptions#TRANSPARENT}: the socket has one flag for both. */
    public static final SockOpt<Boolean> TRANSPARENT = flag("IPV6_TRANSPARENT", Linux.IPV6_TRANSPARENT());

    /**
     * Like {@link IpOptions#UNICAST_IF}, for IPv6, with two differences. If no route uses the interface, a send fails
     * with ENETUNREACH. And if there is a source address, which the socket is bound to or a datagram's options set, the
     * interface is only preferred to others (ip6_route_output_flags_noref of net/ipv6/route.c).
     *
     * <p>
     * The kernel expects this index, too, in network byte order, unlike that of {@link #MULTICAST_IF}; this row
     * converts it.
     */
    public static final SockOpt<Integer> UNICAST_IF = new SockOpt<>("IPV6_UNICAST_IF", Integer.class,
            Linux.IPPROTO_IPV6(), Linux.IPV6_UNICAST_IF(), SockOpt.NETWORK_ORDER);

    /**
     * The hop limit of datagrams to IPv6 groups, 0 to 255; -1 for the default, which is 1.
     * {@link IpOptions#MULTICAST_TTL} can be set on an IPv6 socket as well, and there applies to IPv4-mapped groups
     * only.
     */
    public static final SockOpt<Integer> MULTICAST_HOPS = number("IPV6_MULTICAST_HOPS", Linux.IPV6_MULTICAST_HOPS());

    /** Like {@link IpOptions#MULTICAST_LOOP}, for IPv6 groups. */
    public static final SockOpt<Boolean> MULTICAST_LOOP = flag("IPV6_MULTICAST_LOOP", Linux.IPV6_MULTICAST_LOOP());

    /**
     * The index of the interface by which datagrams to IPv6 groups are sent; 0 leaves the choice to the routes. ENODEV
     * if no interface has that index.
     */
    public static final SockOpt<Integer> MULTICAST_IF = number("IPV6_MULTICAST_IF", Linux.IPV6_MULTICAST_IF());

    /** Like {@link IpOptions#MULTICAST_ALL}, for IPv6 groups. */
    public static final SockOpt<Boolean> MULTICAST_ALL = flag("IPV6_MULTICAST_ALL", Linux.IPV6_MULTICAST_ALL());

    /**
     * Reports the traffic class of each datagram, in a control message IPV6_TCLASS of an int. It is absent if the
     * source is IPv4-mapped.
     */
    public static final SockOpt<Boolean> RECVTCLASS = flag("IPV6_RECVTCLASS", Linux.IPV6_RECVTCLASS());

    /**
     * Reports the hop limit of each datagram, in a control message IPV6_HOPLIMIT of an int. It is absent if the source
     * is IPv4-mapped.
     */
    public static final SockOpt<Boolean> RECVHOPLIMIT = flag("IPV6_RECVHOPLIMIT", Linux.IPV6_RECVHOPLIMIT());

    /** Reports the local address and the interface of each datagram, in a control message IPV6_PKTINFO. */
    public static final SockOpt<Boolean> RECVPKTINFO = flag("IPV6_RECVPKTINFO", Linux.IPV6_RECVPKTINFO());

    /** Like {@link IpOptions#RECVORIGDSTADDR}, in a control message IPV6_ORIGDSTADDR of a sockaddr_in6. */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = flag("IPV6_RECVORIGDSTADDR", Linux.IPV6_RECVORIGDSTADDR());

    /** Reports the hop-by-hop options of each datagram that has any, in a control message IPV6_HOPOPTS. */
    public static final SockOpt<Boolean> RECVHOPOPTS = flag("IPV6_RECVHOPOPTS", Linux.IPV6_RECVHOPOPTS());

    /** Reports the routing header of each datagram that has one, in a control message IPV6_RTHDR. */
    public static final SockOpt<Boolean> RECVRTHDR = flag("IPV6_RECVRTHDR", Linux.IPV6_RECVRTHDR());

    /** Reports the destination options of each datagram that has any, in a control message IPV6_DSTOPTS. */
    public static final SockOpt<Boolean> RECVDSTOPTS = flag("IPV6_RECVDSTOPTS", Linux.IPV6_RECVDSTOPTS());

    /** Like {@link IpOptions#RECVFRAGSIZE}, in a control message IPV6_RECVFRAGSIZE of an int. */
    public static final SockOpt<Boolean> RECVFRAGSIZE = flag("IPV6_RECVFRAGSIZE", Linux.IPV6_RECVFRAGSIZE());

    /**
     * Reports the traffic class and the flow label of each datagram that has any, in a control message IPV6_FLOWINFO of
     * four bytes in network byte order.
     */
    public static final SockOpt<Boolean> FLOWINFO = flag("IPV6_FLOWINFO", LinuxExtras.IPV6_FLOWINFO);

    /**
     * Makes sends use the flow label of the destination's address, sin6_flowinfo, which
     * {@link dev.salvo.socket.SockAddr#withFlowLabel} sets; the peer of a connected socket has the label with which it
     * was connected. As long as any socket in the network namespace holds an exclusive label, it has to be a label that
     * the socket has leased by IPV6_FLOWLABEL_MGR (EINVAL). Otherwise any label is accepted (fl6_sock_lookup of
     * net/ipv6.h).
     */
    public static final SockOpt<Boolean> FLOWINFO_SEND = flag("IPV6_FLOWINFO_SEND", LinuxExtras.IPV6_FLOWINFO_SEND);

    /**
     * Gives each flow a flow label computed from its hash. Until it is set, it has the value that
     * net.ipv6.auto_flowlabels selects.
     */
    public static final SockOpt<Boolean> AUTOFLOWLABEL = flag("IPV6_AUTOFLOWLABEL", Linux.IPV6_AUTOFLOWLABEL());

    /**
     * Which kinds of source address are preferred if there are several (RFC 5014), a sum of bits: a temporary address
     * (1), a public one (2), or what the system prefers of these (0x100); a care-of address (4) or a home address
     * (0x400). The bits for addresses of cryptographic origin (8) and of other origin (0x800) are accepted without
     * effect. EINVAL for bits that contradict each other. The value that is read has the preferences in force.
     */
    public static final SockOpt<Integer> ADDR_PREFERENCES = number("IPV6_ADDR_PREFERENCES",
            Linux.IPV6_ADDR_PREFERENCES());

    /** Like {@link IpOptions#RECVERR}, which must be on, too, for IPv4-mapped destinations. */
    public static final SockOpt<Boolean> RECVERR = flag("IPV6_RECVERR", Linux.IPV6_RECVERR());

    /** Like {@link IpOptions#RECVERR_RFC4884}. Since Linux 5.9. */
    public static final SockOpt<Boolean> RECVERR_RFC4884 = flag("IPV6_RECVERR_RFC4884", Linux.IPV6_RECVERR_RFC4884());

    private Ipv6Options() {}

    private static SockOpt<Boolean> flag(String name, int number) {
        return SockOpt.ofBoolean(name, Linux.IPPROTO_IPV6(), number);
    }

    private static SockOpt<Integer> number(String name, int number) {
        return SockOpt.ofInt(name, Linux.IPPROTO_IPV6(), number);
    }
}
