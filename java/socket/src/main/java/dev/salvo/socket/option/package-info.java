/**
 * Socket options as rows: a name, a level, a number, and how the value is laid out in memory.
 *
 * <p>
 * The names are the kernel's without their prefix: {@code IpOptions.MULTICAST_ALL} is IP_MULTICAST_ALL, and ip(7) is
 * its manual. {@link dev.salvo.socket.UdpSocket#get} and {@link dev.salvo.socket.UdpSocket#set} take any row, including
 * one that a program defines itself. An errno in the description of a row is what the kernel returns if its condition
 * is not met: "read-only (ENOPROTOOPT)" means that setting the option fails with ENOPROTOOPT.
 *
 * <p>
 * Of the kernel's options that a UDP socket accepts, these are not rows:
 *
 * <ul>
 * <li><b>Multicast memberships and source filters.</b> {@link dev.salvo.socket.Multicast} has them. Without a method
 * are: IP_MSFILTER and MCAST_MSFILTER, which have a variable length, and set at once what Multicast sets one by one;
 * and IPV6_JOIN_ANYCAST and IPV6_LEAVE_ANYCAST, because on a host IPv6 uses anycast addresses only for routers.
 * <li><b>Headers for every datagram.</b> IP_OPTIONS and IP_RETOPTS; IPV6_HOPOPTS, IPV6_DSTOPTS, IPV6_RTHDRDSTOPTS and
 * IPV6_RTHDR; IPV6_PKTINFO, IPV6_TCLASS and IPV6_HOPLIMIT as sticky options. Many networks drop IP options and
 * extension headers. {@link dev.salvo.socket.SendOptions} sets the useful ones for single datagrams.
 * <li><b>Flow label management.</b> IPV6_FLOWLABEL_MGR is a protocol of requests rather than a value.
 * <li><b>A change of family.</b> IPV6_ADDRFORM turns an IPv6 socket into an IPv4 one, and the owner of the socket does
 * not notice.
 * <li><b>Older forms.</b> IPV6_2292PKTINFO and the other forms from before RFC 3542; SO_TIMESTAMP_NEW and the other
 * forms of times for 32-bit programs.
 * <li><b>IPsec policies.</b> IP_XFRM_POLICY and IPV6_XFRM_POLICY do nothing without a policy of the kernel.
 * <li><b>Advice about the peer.</b> SO_CNX_ADVICE acts on the peer's neighbour entry.
 * <li><b>Time limits.</b> SO_RCVTIMEO and SO_SNDTIMEO: Salvo's sockets do not block, and a wait takes its time limit as
 * a parameter.
 * <li><b>Peeking.</b> SO_PEEK_OFF: Salvo never peeks.
 * <li><b>Zero-copy sends.</b> SO_ZEROCOPY: Salvo makes no sends with MSG_ZEROCOPY.
 * <li><b>Smallest hop counts.</b> IP_MINTTL and IPV6_MINHOPCOUNT: a UDP socket accepts the value, but only TCP checks
 * it. A program can compare the hop limit that {@link dev.salvo.socket.Metadata#HOP_LIMIT} reports.
 * <li><b>Options for TCP, raw or Unix sockets.</b> SO_KEEPALIVE, SO_OOBINLINE, SO_LINGER, SO_RCVLOWAT, SO_PASSCRED and
 * similar ones, IP_HDRINCL, IP_NODEFRAG, IP_ROUTER_ALERT, IPV6_CHECKSUM.
 * <li><b>Options for tests of drivers.</b> SO_DEBUG, SO_NOFCS, SO_WIFI_STATUS, SO_SELECT_ERR_QUEUE.
 * </ul>
 */
@NullMarked
package dev.salvo.socket.option;

import org.jspecify.annotations.NullMarked;
