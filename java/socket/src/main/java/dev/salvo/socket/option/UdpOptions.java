package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level SOL_UDP: udp(7) and, for what that leaves out, net/ipv4/udp.c of the kernel. */
public final class UdpOptions {

    /**
     * While it is on, the kernel gathers everything that is sent into one datagram, which it sends when the option is
     * switched off. Leave it off for batches: their datagrams would become one.
     */
    public static final SockOpt<Boolean> CORK = flag("UDP_CORK", Linux.UDP_CORK());

    /**
     * The size of the datagrams that every send is split into, 0 to 65,535 (EINVAL otherwise); 0, the default, splits
     * nothing. Leave it 0: any other value silently splits plain sends. Batches set the size for each message instead.
     * If an adopted socket has another value, batches override it.
     */
    public static final SockOpt<Integer> SEGMENT = number("UDP_SEGMENT", Linux.UDP_SEGMENT());

    /** Delivers coalesced datagrams as one message, with their segment size in a control message. Since Linux 5.0. */
    public static final SockOpt<Boolean> GRO = flag("UDP_GRO", Linux.UDP_GRO());

    /**
     * Sends over IPv6 without a UDP checksum, which RFC 6935 allows for tunnels only. Other hosts drop these datagrams
     * unless they have set {@link #NO_CHECK6_RX}. Sends with UDP_SEGMENT then fail with EINVAL.
     */
    public static final SockOpt<Boolean> NO_CHECK6_TX = flag("UDP_NO_CHECK6_TX", Linux.UDP_NO_CHECK6_TX());

    /**
     * Accepts datagrams over IPv6 that have no UDP checksum.
     */
    public static final SockOpt<Boolean> NO_CHECK6_RX = flag("UDP_NO_CHECK6_RX", Linux.UDP_NO_CHECK6_RX());

    /**
     * The protocol whose payload the kernel handles itself. 0, the default, is none. 2 is ESP of IPsec
     * (UDP_ENCAP_ESPINUDP of linux/udp.h): the kernel takes the datagrams that begin with a nonzero SPI, the number of
     * a security association, and drops keep-alives. 2 fails with ENOPROTOOPT without CONFIG_XFRM. 1 is an older form
     * of ESP, on the kernels that have it. Other values belong to the kernel's own tunnels: they fail with ENOPROTOOPT,
     * or have the effect of 0.
     */
    public static final SockOpt<Integer> ENCAP = number("UDP_ENCAP", Linux.UDP_ENCAP());

    private UdpOptions() {}

    private static SockOpt<Boolean> flag(String name, int number) {
        return SockOpt.ofBoolean(name, Linux.SOL_UDP(), number);
    }

    private static SockOpt<Integer> number(String name, int number) {
        return SockOpt.ofInt(name, Linux.SOL_UDP(), number);
    }
}
