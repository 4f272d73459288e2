package dev.salvo.socket;

import dev.salvo.bindings.Linux;

/** What of an address goes into control messages, without an object made. */
final class AddressBits {

    private static final short AF_INET6 = (short) Linux.AF_INET6();
    /** The upper half of an IPv4-mapped address, less the IPv4 address: 0, 0xffff. */
    private static final long MAPPED = 0xffff_0000L;

    private AddressBits() {}

    static boolean isNone(SockAddr address) {
        return address.head == SockAddr.NONE.head;
    }

    static boolean isWildcard(SockAddr address) {
        return address.first == 0 && address.second == 0 && (isIpv6(address) || address.head >>> 32 == 0);
    }

    /** Whether it is reached over IPv6: an IPv4-mapped one is not. */
    static boolean isNativeIpv6(SockAddr address) {
        return isIpv6(address) && !(address.first == 0 && (int) address.second == (int) MAPPED);
    }

    private static boolean isIpv6(SockAddr address) {
        return (short) address.head == AF_INET6;
    }

    /** The four bytes of an IPv4 or IPv4-mapped address, as they lie in memory. */
    static int ipv4(SockAddr address) {
        return (int) ((isIpv6(address) ? address.second : address.head) >>> 32);
    }

    /** The first eight bytes of an address in IPv6 form, as they lie in memory. */
    static long ipv6First(SockAddr address) {
        return address.first;
    }

    static long ipv6Second(SockAddr address) {
        return isIpv6(address) ? address.second : MAPPED | (address.head & 0xffff_ffff_0000_0000L);
    }
}
