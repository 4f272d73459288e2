package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level SOL_UDP: udp(7), and net/ipv4/udp.c of the kernel for what that leaves out. */
public final class UdpOptions {

    /**
     * While it is on, everything that is sent is gathered into one datagram, which goes when it is switched off. Leave
     * it off for batches: their datagrams become one.
     */
    public static final SockOpt<Boolean> CORK = SockOpt.ofBoolean("UDP_CORK", Linux.SOL_UDP(), Linux.UDP_CORK());

    /**
     * The size of the datagrams that every send is split into, 0 to 65,535; 0 for none (EINVAL otherwise). Leave it 0:
     * any other value splits plain sends silently. Batches set it for each message instead.
     */
    public static final SockOpt<Integer> SEGMENT = SockOpt.ofInt("UDP_SEGMENT", Linux.SOL_UDP(), Linux.UDP_SEGMENT());

    /**
     * Coalesced datagrams are delivered whole, with their segment size as a control message. Since Linux 5.0.
     */
    public static final SockOpt<Boolean> GRO = SockOpt.ofBoolean("UDP_GRO", Linux.SOL_UDP(), Linux.UDP_GRO());

    /**
     * Sends over IPv6 without a UDP checksum, which RFC 6935 allows for tunnels alone; other hosts drop such datagrams
     * unless they have set {@link #NO_CHECK6_RX}. Sends with UDP_SEGMENT fail with EINVAL then.
     */
    public static final SockOpt<Boolean> NO_CHECK6_TX = SockOpt.ofBoolean("UDP_NO_CHECK6_TX", Linux.SOL_UDP(),
            Linux.UDP_NO_CHECK6_TX());

    /**
     * Accepts datagrams over IPv6 that have no UDP checksum.
     */
    public static final SockOpt<Boolean> NO_CHECK6_RX = SockOpt.ofBoolean("UDP_NO_CHECK6_RX", Linux.SOL_UDP(),
            Linux.UDP_NO_CHECK6_RX());

    /**
     * Whose payload the kernel takes for itself: 2 for ESP of IPsec (UDP_ENCAP_ESPINUDP of linux/udp.h), for which it
     * keeps what begins with a key's number, and drops keep-alives; 0, as it is unless set, for none. Others, of the
     * kernel's own tunnels, are ENOPROTOOPT or as good as 0. 2 is ENOPROTOOPT without CONFIG_XFRM.
     */
    public static final SockOpt<Integer> ENCAP = SockOpt.ofInt("UDP_ENCAP", Linux.SOL_UDP(), Linux.UDP_ENCAP());

    private UdpOptions() {}
}
