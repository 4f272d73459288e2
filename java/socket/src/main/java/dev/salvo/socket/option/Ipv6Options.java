package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level IPPROTO_IPV6: ipv6(7). */
public final class Ipv6Options {

    /** Off, a socket bound to {@code ::} also gets IPv4. Before bind only. */
    public static final SockOpt<Boolean> V6ONLY = SockOpt.ofBoolean("IPV6_V6ONLY", Linux.IPPROTO_IPV6(),
            Linux.IPV6_V6ONLY());

    /** As {@link IpOptions#RECVERR}; for IPv4-mapped destinations that one must be on too. */
    public static final SockOpt<Boolean> RECVERR = SockOpt.ofBoolean("IPV6_RECVERR", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVERR());

    /** The hop limit of unicast datagrams; -1 for the default. */
    public static final SockOpt<Integer> UNICAST_HOPS = SockOpt.ofInt("IPV6_UNICAST_HOPS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_UNICAST_HOPS());

    /** The traffic class: DSCP and ECN. */
    public static final SockOpt<Integer> TCLASS = SockOpt.ofInt("IPV6_TCLASS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_TCLASS());

    /** The path MTU of a connected socket; ENOTCONN otherwise. */
    public static final SockOpt<Integer> MTU = SockOpt.ofInt("IPV6_MTU", Linux.IPPROTO_IPV6(), Linux.IPV6_MTU());

    /** One of IPV6_PMTUDISC_DONT, WANT, DO, PROBE, INTERFACE, OMIT. */
    public static final SockOpt<Integer> MTU_DISCOVER = SockOpt.ofInt("IPV6_MTU_DISCOVER", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MTU_DISCOVER());

    /**
     * The hop limit of datagrams to IPv6 groups, 0 to 255; -1 for the default, which is 1.
     * {@link IpOptions#MULTICAST_TTL} can be set on an IPv6 socket as well, and counts for IPv4-mapped groups alone.
     */
    public static final SockOpt<Integer> MULTICAST_HOPS = SockOpt.ofInt("IPV6_MULTICAST_HOPS", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_HOPS());

    /** As {@link IpOptions#MULTICAST_LOOP}, for IPv6 groups. */
    public static final SockOpt<Boolean> MULTICAST_LOOP = SockOpt.ofBoolean("IPV6_MULTICAST_LOOP",
            Linux.IPPROTO_IPV6(), Linux.IPV6_MULTICAST_LOOP());

    /**
     * The index of the interface by which datagrams to IPv6 groups go out, 0 for the one that the routes say; ENODEV if
     * there is none of that index.
     */
    public static final SockOpt<Integer> MULTICAST_IF = SockOpt.ofInt("IPV6_MULTICAST_IF", Linux.IPPROTO_IPV6(),
            Linux.IPV6_MULTICAST_IF());

    /** As {@link IpOptions#MULTICAST_ALL}. */
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

    /** Tells the local address and the interface of each datagram, as a control message. */
    public static final SockOpt<Boolean> RECVPKTINFO = SockOpt.ofBoolean("IPV6_RECVPKTINFO", Linux.IPPROTO_IPV6(),
            Linux.IPV6_RECVPKTINFO());

    /** Tells the address and port that each datagram was sent to, as a control message of a sockaddr_in6. */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = SockOpt.ofBoolean("IPV6_RECVORIGDSTADDR",
            Linux.IPPROTO_IPV6(), Linux.IPV6_RECVORIGDSTADDR());

    private Ipv6Options() {}
}
