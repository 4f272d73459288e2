package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level IPPROTO_IP: ip(7). */
public final class IpOptions {

    /** The time to live of unicast datagrams. */
    public static final SockOpt<Integer> TTL = SockOpt.ofInt("IP_TTL", Linux.IPPROTO_IP(), Linux.IP_TTL());

    /** The type of service: DSCP and ECN. */
    public static final SockOpt<Integer> TOS = SockOpt.ofInt("IP_TOS", Linux.IPPROTO_IP(), Linux.IP_TOS());

    /** Keeps ICMP errors on the error queue. From then on a pending error can fail the next send. */
    public static final SockOpt<Boolean> RECVERR = SockOpt.ofBoolean("IP_RECVERR", Linux.IPPROTO_IP(),
            Linux.IP_RECVERR());

    /** The path MTU of a connected socket; ENOTCONN otherwise. Read-only. */
    public static final SockOpt<Integer> MTU = SockOpt.ofInt("IP_MTU", Linux.IPPROTO_IP(), Linux.IP_MTU());

    /** One of IP_PMTUDISC_DONT, WANT, DO, PROBE, INTERFACE, OMIT. */
    public static final SockOpt<Integer> MTU_DISCOVER = SockOpt.ofInt("IP_MTU_DISCOVER", Linux.IPPROTO_IP(),
            Linux.IP_MTU_DISCOVER());

    /** The time to live of multicast datagrams to IPv4 groups, 0 to 255; -1 for the default, which is 1. */
    public static final SockOpt<Integer> MULTICAST_TTL = SockOpt.ofInt("IP_MULTICAST_TTL", Linux.IPPROTO_IP(),
            Linux.IP_MULTICAST_TTL());

    /**
     * On, the kernel's default, delivers what this socket sends to IPv4 groups on this host too. It is the sender's to
     * decide; a receiver's value says nothing.
     */
    public static final SockOpt<Boolean> MULTICAST_LOOP = SockOpt.ofBoolean("IP_MULTICAST_LOOP", Linux.IPPROTO_IP(),
            Linux.IP_MULTICAST_LOOP());

    /**
     * The interface by which datagrams to IPv4 groups go out; EADDRNOTAVAIL if there is none of that index or address.
     * {@link dev.salvo.socket.Multicast#outgoingInterface} makes a value of a name.
     */
    public static final SockOpt<OutgoingInterface> MULTICAST_IF = new SockOpt<>("IP_MULTICAST_IF",
            OutgoingInterface.class, Linux.IPPROTO_IP(), Linux.IP_MULTICAST_IF(), OutgoingInterface.CODEC);

    /** On, the kernel's default, delivers groups that any process of this host joined. */
    public static final SockOpt<Boolean> MULTICAST_ALL = SockOpt.ofBoolean("IP_MULTICAST_ALL", Linux.IPPROTO_IP(),
            Linux.IP_MULTICAST_ALL());

    /** Tells the type of service of each datagram, as a control message of one byte. */
    public static final SockOpt<Boolean> RECVTOS = SockOpt.ofBoolean("IP_RECVTOS", Linux.IPPROTO_IP(),
            Linux.IP_RECVTOS());

    /** Tells the time to live of each datagram, as a control message of an int. */
    public static final SockOpt<Boolean> RECVTTL = SockOpt.ofBoolean("IP_RECVTTL", Linux.IPPROTO_IP(),
            Linux.IP_RECVTTL());

    /** Tells the local address and the interface of each datagram, as a control message. */
    public static final SockOpt<Boolean> PKTINFO = SockOpt.ofBoolean("IP_PKTINFO", Linux.IPPROTO_IP(),
            Linux.IP_PKTINFO());

    /** Tells the address and port that each datagram was sent to, as a control message of a sockaddr_in. */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = SockOpt.ofBoolean("IP_RECVORIGDSTADDR",
            Linux.IPPROTO_IP(), Linux.IP_RECVORIGDSTADDR());

    private IpOptions() {}
}
