package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.HandWritten;

/**
 * Options of level IPPROTO_IP: ip(7), and net/ipv4/ip_sockglue.c of the kernel for what that leaves out.
 *
 * <p>On an IPv6 socket they can be set too, and count for IPv4-mapped addresses.
 */
public final class IpOptions {

    /**
     * The time to live of unicast datagrams, 1 to 255; -1 for net.ipv4.ip_default_ttl. EINVAL otherwise.
     */
    public static final SockOpt<Integer> TTL = SockOpt.ofInt("IP_TTL", Linux.IPPROTO_IP(), Linux.IP_TTL());

    /**
     * The type of service: DSCP in the upper six bits, ECN in the lower two; 0 to 255. Setting it sets
     * {@link SocketOptions#PRIORITY} as well.
     */
    public static final SockOpt<Integer> TOS = SockOpt.ofInt("IP_TOS", Linux.IPPROTO_IP(), Linux.IP_TOS());

    /**
     * The least time to live that is accepted, 0 to 255 (EINVAL). The kernel looks at it for TCP alone: a UDP socket
     * takes the value, and receives all the same. {@link #RECVTTL} tells what there is to compare.
     */
    public static final SockOpt<Integer> MINTTL = SockOpt.ofInt("IP_MINTTL", Linux.IPPROTO_IP(), Linux.IP_MINTTL());

    /**
     * The path MTU of a connected socket, in bytes; ENOTCONN otherwise. Read-only (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> MTU = SockOpt.ofInt("IP_MTU", Linux.IPPROTO_IP(), Linux.IP_MTU());

    /**
     * Whether datagrams may be fragmented, here and on the way. WANT, or what net.ipv4.ip_no_pmtu_disc says, unless
     * set.
     */
    public static final SockOpt<PathMtuDiscovery> MTU_DISCOVER = new SockOpt<>("IP_MTU_DISCOVER",
            PathMtuDiscovery.class, Linux.IPPROTO_IP(), Linux.IP_MTU_DISCOVER(), PathMtuDiscovery.CODEC);

    /**
     * Allows to bind an address that the host does not have, or does not have yet. Before bind.
     */
    public static final SockOpt<Boolean> FREEBIND = SockOpt.ofBoolean("IP_FREEBIND", Linux.IPPROTO_IP(),
            Linux.IP_FREEBIND());

    /**
     * Allows to bind and send from any address, for transparent proxies. EPERM to switch it on without CAP_NET_ADMIN or
     * CAP_NET_RAW. Before bind.
     */
    public static final SockOpt<Boolean> TRANSPARENT = SockOpt.ofBoolean("IP_TRANSPARENT", Linux.IPPROTO_IP(),
            Linux.IP_TRANSPARENT());

    /**
     * A bind to port 0 leaves the choice of the port to connect, or to the first send. For UDP that is all: a port is
     * not shared by peers that differ, as for TCP, since connect binds first (inet_dgram_connect of
     * net/ipv4/af_inet.c). Before bind.
     */
    public static final SockOpt<Boolean> BIND_ADDRESS_NO_PORT = SockOpt.ofBoolean("IP_BIND_ADDRESS_NO_PORT",
            Linux.IPPROTO_IP(), Linux.IP_BIND_ADDRESS_NO_PORT());

    /**
     * The ports that the kernel may choose from when it is bound to port 0, as far as net.ipv4.ip_local_port_range has
     * them; for IPv6 as well. Before bind. EINVAL if the lower bound is above the upper. Since Linux 6.3.
     */
    public static final SockOpt<PortRange> LOCAL_PORT_RANGE = new SockOpt<>("IP_LOCAL_PORT_RANGE", PortRange.class,
            Linux.IPPROTO_IP(), HandWritten.IP_LOCAL_PORT_RANGE, PortRange.CODEC);

    /**
     * The index of the interface by which unicast datagrams go out; 0 for that of the routes. Routes by other
     * interfaces do not count then: without one by this, the destination is taken for a neighbour there. Unlike
     * {@link SocketOptions#BINDTOIFINDEX} it says nothing of what is received. EADDRNOTAVAIL if there is no such
     * interface, EINVAL if the socket is bound to any but the VRF that the interface belongs to. To the kernel it is in
     * network byte order.
     */
    public static final SockOpt<Integer> UNICAST_IF = new SockOpt<>("IP_UNICAST_IF", Integer.class, Linux.IPPROTO_IP(),
            Linux.IP_UNICAST_IF(), Codecs.NETWORK_ORDER);

    /**
     * The time to live of multicast datagrams to IPv4 groups, 0 to 255; -1 for the default, which is 1.
     */
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

    /**
     * On, the kernel's default, delivers groups that any process of this host joined.
     */
    public static final SockOpt<Boolean> MULTICAST_ALL = SockOpt.ofBoolean("IP_MULTICAST_ALL", Linux.IPPROTO_IP(),
            Linux.IP_MULTICAST_ALL());

    /**
     * Tells the type of service of each datagram, as a control message IP_TOS of one byte.
     */
    public static final SockOpt<Boolean> RECVTOS = SockOpt.ofBoolean("IP_RECVTOS", Linux.IPPROTO_IP(),
            Linux.IP_RECVTOS());

    /**
     * Tells the time to live of each datagram, as a control message IP_TTL of an int.
     */
    public static final SockOpt<Boolean> RECVTTL = SockOpt.ofBoolean("IP_RECVTTL", Linux.IPPROTO_IP(),
            Linux.IP_RECVTTL());

    /**
     * Tells the address and port that each datagram was sent to, as a control message IP_ORIGDSTADDR of a sockaddr_in.
     * Where a rule redirected it (TPROXY), it is that before.
     */
    public static final SockOpt<Boolean> RECVORIGDSTADDR = SockOpt.ofBoolean("IP_RECVORIGDSTADDR", Linux.IPPROTO_IP(),
            Linux.IP_RECVORIGDSTADDR());

    /**
     * Tells the IP options of each datagram that has some, as a control message IP_RECVOPTS of up to 40 bytes.
     */
    public static final SockOpt<Boolean> RECVOPTS = SockOpt.ofBoolean("IP_RECVOPTS", Linux.IPPROTO_IP(),
            Linux.IP_RECVOPTS());

    /**
     * Tells the size of the largest fragment of each datagram that came in fragments, as a control message
     * IP_RECVFRAGSIZE of an int.
     */
    public static final SockOpt<Boolean> RECVFRAGSIZE = SockOpt.ofBoolean("IP_RECVFRAGSIZE", Linux.IPPROTO_IP(),
            Linux.IP_RECVFRAGSIZE());

    /**
     * Tells the local address and the interface of each datagram, as a control message.
     */
    public static final SockOpt<Boolean> PKTINFO = SockOpt.ofBoolean("IP_PKTINFO", Linux.IPPROTO_IP(),
            Linux.IP_PKTINFO());

    /**
     * Tells the checksum of each datagram's payload, as a control message IP_CHECKSUM of 32 bits that are not folded
     * yet, where the kernel or the card has summed up the whole packet; absent otherwise.
     */
    public static final SockOpt<Boolean> CHECKSUM = SockOpt.ofBoolean("IP_CHECKSUM", Linux.IPPROTO_IP(),
            Linux.IP_CHECKSUM());

    /**
     * Tells the security context of each datagram's sender, as a control message SCM_SECURITY of text, where SELinux or
     * another security module labels the network's packets (IPsec, NetLabel); absent otherwise.
     */
    public static final SockOpt<Boolean> PASSSEC = SockOpt.ofBoolean("IP_PASSSEC", Linux.IPPROTO_IP(),
            Linux.IP_PASSSEC());

    /**
     * Keeps ICMP errors on the error queue. From then on a pending error can fail the next send.
     */
    public static final SockOpt<Boolean> RECVERR = SockOpt.ofBoolean("IP_RECVERR", Linux.IPPROTO_IP(),
            Linux.IP_RECVERR());

    /**
     * Tells with each ICMP error where the extensions of RFC 4884 begin in what it quotes, and whether they are valid;
     * the error queue then has the quoted datagram without the UDP header. Since Linux 5.9. For programs that read the
     * error queue themselves: {@link dev.salvo.socket.SocketError} has none of it.
     */
    public static final SockOpt<Boolean> RECVERR_RFC4884 = SockOpt.ofBoolean("IP_RECVERR_RFC4884", Linux.IPPROTO_IP(),
            Linux.IP_RECVERR_RFC4884());

    private IpOptions() {}
}
