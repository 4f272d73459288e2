package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.HandWritten;

/**
 * Options of level IPPROTO_IPV6: ipv6(7), RFC 3542, and net/ipv6/ipv6_sockglue.c of the kernel for what those leave
 * out.
 */
public final class Ipv6Options {

    /**
     * Off, a socket bound to {@code ::} also gets IPv4. Before bind only: EINVAL afterwards.
     */
    public static final SockOpt<Boolean> V6ONLY = SockOpt.ofBoolean("IPV6_V6ONLY", Linux.IPPROTO_IPV6(),
            Linux.IPV6_V6ONLY());

    /**
     * The hop limit of unicast datagrams, 0 to 255; -1 for the default. EINVAL otherwise.
     */
    public static final SockOpt<Integer> UNICAST_HOPS = SockOpt.ofInt("IPV6_UNICAST_HOPS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_UNICAST_HOPS());

    /**
     * The traffic class: DSCP in the upper six bits, ECN in the lower two; 0 to 255, -1 for 0.
     */
    public static final SockOpt<Integer> TCLASS = SockOpt.ofInt("IPV6_TCLASS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_TCLASS());

    /**
     * The least hop limit that is accepted, 0 to 255 (EINVAL). As {@link IpOptions#MINTTL} it counts for TCP alone, and
     * does nothing for UDP.
     */
    public static final SockOpt<Integer> MINHOPCOUNT = SockOpt.ofInt("IPV6_MINHOPCOUNT", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MINHOPCOUNT());

    /**
     * Read, the path MTU of a connected socket, in bytes; ENOTCONN otherwise. Set, the size of fragments that larger
     * datagrams are sent in, 1,280 at the least, 0 for that of the path; EINVAL otherwise. What was set cannot be read.
     */
    public static final SockOpt<Integer> MTU = SockOpt.ofInt("IPV6_MTU", Linux.IPPROTO_IPV6(), Linux.IPV6_MTU());

    /**
     * Whether datagrams may be fragmented here. WANT unless set.
     */
    public static final SockOpt<PathMtuDiscovery> MTU_DISCOVER = new SockOpt<>("IPV6_MTU_DISCOVER",
            PathMtuDiscovery.class, Linux.IPPROTO_IPV6(), Linux.IPV6_MTU_DISCOVER(), PathMtuDiscovery.CODEC);

    /**
     * The path MTU of a connected socket, in bytes; ENOTCONN otherwise. Read-only (ENOPROTOOPT). RFC 3542's form of
     * {@link #MTU}.
     */
    public static final SockOpt<Integer> PATHMTU = new SockOpt<>("IPV6_PATHMTU", Integer.class, Linux.IPPROTO_IPV6(),
            Linux.IPV6_PATHMTU(), Codecs.PATH_MTU);

    /**
     * Tells of a datagram that was refused with EMSGSIZE, and whose size {@link #DONTFRAG} kept from being cut, as a
     * message without payload that has a control message IPV6_PATHMTU of a struct ip6_mtuinfo.
     * {@link dev.salvo.socket.ReceiveBatch} gives it as an empty datagram from where the refused one was going, port 0
     * and all, at the next receive; epoll does not tell of it.
     */
    public static final SockOpt<Boolean> RECVPATHMTU = SockOpt.ofBoolean("IPV6_RECVPATHMTU", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVPATHMTU());

    /**
     * Datagrams larger than the MTU that is known of the path are not fragmented but refused with EMSGSIZE; from PROBE
     * of {@link PathMtuDiscovery} on, those larger than the interface's.
     */
    public static final SockOpt<Boolean> DONTFRAG = SockOpt.ofBoolean("IPV6_DONTFRAG", Linux.IPPROTO_IPV6(),
            Linux.IPV6_DONTFRAG());

    /**
     * As {@link IpOptions#FREEBIND}, which it is: one flag of the socket for both.
     */
    public static final SockOpt<Boolean> FREEBIND = SockOpt.ofBoolean("IPV6_FREEBIND", Linux.IPPROTO_IPV6(),
            Linux.IPV6_FREEBIND());

    /**
     * As {@link IpOptions#TRANSPARENT}, which it is: one flag of the socket for both.
     */
    public static final SockOpt<Boolean> TRANSPARENT = SockOpt.ofBoolean("IPV6_TRANSPARENT", Linux.IPPROTO_IPV6(),
            Linux.IPV6_TRANSPARENT());

    /**
     * As {@link IpOptions#UNICAST_IF}, for IPv6, but without a route by the interface it is ENETUNREACH; and with a
     * source address, bound or of a datagram's options, the interface is only preferred to others
     * (ip6_route_output_flags_noref of net/ipv6/route.c). To the kernel in network byte order as well, unlike
     * {@link #MULTICAST_IF}.
     */
    public static final SockOpt<Integer> UNICAST_IF = new SockOpt<>("IPV6_UNICAST_IF", Integer.class,
            Linux.IPPROTO_IPV6(), Linux.IPV6_UNICAST_IF(), Codecs.NETWORK_ORDER);

    /**
     * The hop limit of datagrams to IPv6 groups, 0 to 255; -1 for the default, which is 1.
     * {@link IpOptions#MULTICAST_TTL} can be set on an IPv6 socket as well, and counts for IPv4-mapped groups alone.
     */
    public static final SockOpt<Integer> MULTICAST_HOPS = SockOpt.ofInt("IPV6_MULTICAST_HOPS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_HOPS());

    /**
     * As {@link IpOptions#MULTICAST_LOOP}, for IPv6 groups.
     */
    public static final SockOpt<Boolean> MULTICAST_LOOP = SockOpt.ofBoolean("IPV6_MULTICAST_LOOP", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_LOOP());

    /**
     * The index of the interface by which datagrams to IPv6 groups go out, 0 for the one that the routes say; ENODEV if
     * there is none of that index.
     */
    public static final SockOpt<Integer> MULTICAST_IF = SockOpt.ofInt("IPV6_MULTICAST_IF", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_IF());

    /**
     * As {@link IpOptions#MULTICAST_ALL}.
     */
    public static final SockOpt<Boolean> MULTICAST_ALL = SockOpt.ofBoolean("IPV6_MULTICAST_ALL", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_ALL());

    /**
     * Tells the traffic class of each datagram, as a control message of an int; absent for IPv4-mapped sources.
     */
    public static final SockOpt<Boolean> RECVTCLASS = SockOpt.ofBoolean("IPV6_RECVTCLASS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVTCLASS());

    /**
     * Tells the hop limit of each datagram, as a control message of an int; absent for IPv4-mapped sources.
     */
    public static final SockOpt<Boolean> RECVHOPLIMIT = SockOpt.ofBoolean("IPV6_RECVHOPLIMIT", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVHOPLIMIT());

    /**
     * Tells the local address and the interface of each datagram, as a control message.
     */
    public static final SockOpt<Boolean> RECVPKTINFO = SockOpt.ofBoolean("IPV6_RECVPKTINFO", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVPKTINFO());

    /**
     * As {@link IpOptions#RECVORIGDSTADDR}, as a control message IPV6_ORIGDSTADDR of a sockaddr_in6.
     */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = SockOpt.ofBoolean("IPV6_RECVORIGDSTADDR",
            Linux.IPPROTO_IPV6(), Linux.IPV6_RECVORIGDSTADDR());

    /**
     * Tells the hop-by-hop options of each datagram that has some, as a control message IPV6_HOPOPTS.
     */
    public static final SockOpt<Boolean> RECVHOPOPTS = SockOpt.ofBoolean("IPV6_RECVHOPOPTS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVHOPOPTS());

    /**
     * Tells the routing header of each datagram that has one, as a control message IPV6_RTHDR.
     */
    public static final SockOpt<Boolean> RECVRTHDR = SockOpt.ofBoolean("IPV6_RECVRTHDR", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVRTHDR());

    /**
     * Tells the destination options of each datagram that has some, as a control message IPV6_DSTOPTS.
     */
    public static final SockOpt<Boolean> RECVDSTOPTS = SockOpt.ofBoolean("IPV6_RECVDSTOPTS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVDSTOPTS());

    /**
     * As {@link IpOptions#RECVFRAGSIZE}, as a control message IPV6_RECVFRAGSIZE of an int.
     */
    public static final SockOpt<Boolean> RECVFRAGSIZE = SockOpt.ofBoolean("IPV6_RECVFRAGSIZE", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVFRAGSIZE());

    /**
     * Tells the traffic class and the flow label of each datagram that has any, as a control message IPV6_FLOWINFO of
     * four bytes in network order.
     */
    public static final SockOpt<Boolean> FLOWINFO = SockOpt.ofBoolean("IPV6_FLOWINFO", Linux.IPPROTO_IPV6(),
            HandWritten.IPV6_FLOWINFO);

    /**
     * Has sends use the flow label of the destination's address, sin6_flowinfo. As long as anybody in the network
     * namespace holds an exclusive label, it has to be one that the socket has leased by IPV6_FLOWLABEL_MGR (EINVAL);
     * else any will do (fl6_sock_lookup of net/ipv6.h).
     */
    public static final SockOpt<Boolean> FLOWINFO_SEND = SockOpt.ofBoolean("IPV6_FLOWINFO_SEND", Linux.IPPROTO_IPV6(),
            HandWritten.IPV6_FLOWINFO_SEND);

    /**
     * Gives each flow a flow label by its hash. Unless set it reads as net.ipv6.auto_flowlabels says.
     */
    public static final SockOpt<Boolean> AUTOFLOWLABEL = SockOpt.ofBoolean("IPV6_AUTOFLOWLABEL", Linux.IPPROTO_IPV6(),
            Linux.IPV6_AUTOFLOWLABEL());

    /**
     * Which kind of source address is preferred where there are several: RFC 5014, a temporary one (1), a public one
     * (2), what the system prefers (0x100), a care-of address (4) or a home address (0x400), and neither of
     * cryptographic origin nor not (0x800). Read, those that count. EINVAL for two that contradict one another.
     */
    public static final SockOpt<Integer> ADDR_PREFERENCES = SockOpt.ofInt("IPV6_ADDR_PREFERENCES", Linux.IPPROTO_IPV6(),
            Linux.IPV6_ADDR_PREFERENCES());

    /**
     * As {@link IpOptions#RECVERR}; for IPv4-mapped destinations that one must be on too.
     */
    public static final SockOpt<Boolean> RECVERR = SockOpt.ofBoolean("IPV6_RECVERR", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVERR());

    /**
     * As {@link IpOptions#RECVERR_RFC4884}. Since Linux 5.9.
     */
    public static final SockOpt<Boolean> RECVERR_RFC4884 = SockOpt.ofBoolean("IPV6_RECVERR_RFC4884",
            Linux.IPPROTO_IPV6(), Linux.IPV6_RECVERR_RFC4884());

    private Ipv6Options() {}
}
