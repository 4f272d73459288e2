/**
 * Socket options as rows: a name, a level, a number and how the value lies in memory.
 *
 * <p>Names are the kernel's without their prefix: {@code IpOptions.MULTICAST_ALL} is IP_MULTICAST_ALL, and ip(7) is its
 * manual. {@link dev.salvo.socket.UdpSocket#get} and {@link dev.salvo.socket.UdpSocket#set} take any row, also one that
 * a program defines itself.
 *
 * <p>Of the kernel's options that a UDP socket takes, these are not rows:
 *
 * <ul> <li>Memberships and source filters: {@link dev.salvo.socket.Multicast} has them but for IP_MSFILTER and
 * MCAST_MSFILTER, which set at once what it sets one by one, and of variable length; IPV6_JOIN_ANYCAST and LEAVE, since
 * IPv6 has no other use for an anycast address on a host than to be a router. <li>Headers that every datagram is to
 * carry: IP_OPTIONS and IP_RETOPTS; IPV6_HOPOPTS, DSTOPTS, RTHDRDSTOPTS, RTHDR, and PKTINFO, TCLASS and HOPLIMIT as
 * sticky ones. Options and extension headers are dropped by many networks. {@link dev.salvo.socket.SendOptions} has
 * what is useful of them, for a datagram. <li>IPV6_FLOWLABEL_MGR, which is a protocol of requests rather than a value.
 * <li>IPV6_ADDRFORM, which turns an IPv6 socket into an IPv4 one behind the back of whoever has it. <li>The forms
 * before RFC 3542, IPV6_2292PKTINFO and its kin; the 32-bit forms of times (SO_TIMESTAMP_NEW and its kin). <li>What
 * needs a policy of the kernel's: IP_XFRM_POLICY, IPV6_XFRM_POLICY; SO_CNX_ADVICE, which unlike these does something,
 * but to the peer's neighbour entry. <li>SO_RCVTIMEO and SO_SNDTIMEO: Salvo's sockets do not block; a wait has its time
 * limit as a parameter. <li>What is for TCP, raw or Unix sockets, though a UDP socket takes it: SO_KEEPALIVE,
 * SO_OOBINLINE, SO_LINGER, SO_RCVLOWAT, SO_PASSCRED and its kin, IP_HDRINCL, IP_NODEFRAG, IP_ROUTER_ALERT,
 * IPV6_CHECKSUM; and for drivers' tests: SO_DEBUG, SO_NOFCS, SO_WIFI_STATUS, SO_SELECT_ERR_QUEUE. </ul>
 */
@NullMarked
package dev.salvo.socket.option;

import org.jspecify.annotations.NullMarked;
