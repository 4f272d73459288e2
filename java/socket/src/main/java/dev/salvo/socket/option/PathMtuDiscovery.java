package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import java.util.List;

/**
 * The value of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER: what happens to a datagram that is larger than the path MTU. The
 * names are the kernel's without their prefix {@code IP_PMTUDISC_}.
 */
public enum PathMtuDiscovery {

    /** Fragmentation is allowed: the host may fragment, and over IPv4 every router may, too. */
    DONT(Linux.IP_PMTUDISC_DONT()),

    /** The host fragments to the path MTU that it knows. Routers may not fragment a datagram that fits that. */
    WANT(Linux.IP_PMTUDISC_WANT()),

    /** Nobody fragments: a datagram that is larger than the known path MTU fails with EMSGSIZE. */
    DO(Linux.IP_PMTUDISC_DO()),

    /**
     * Nobody fragments, and the known path MTU is ignored: every datagram that fits the MTU of the interface is sent.
     * This is for probing a path.
     */
    PROBE(Linux.IP_PMTUDISC_PROBE()),

    /**
     * The limit is the MTU of the interface. What routers report is neither learned nor used, so that forged ICMP
     * errors cannot reduce the path MTU. A larger datagram fails with EMSGSIZE, and over IPv4 routers may fragment.
     */
    INTERFACE(Linux.IP_PMTUDISC_INTERFACE()),

    /** Like {@link #INTERFACE}, but the host fragments a datagram that is larger than the MTU of the interface. */
    OMIT(Linux.IP_PMTUDISC_OMIT());

    // linux/in6.h has the same numbers, named IPV6_PMTUDISC_.
    private final int number;

    private static final List<PathMtuDiscovery> VALUES = List.of(values());

    static final SockOpt.Codec<PathMtuDiscovery> CODEC = SockOpt.codec(PathMtuDiscovery::of, value -> value.number);

    PathMtuDiscovery(int number) {
        this.number = number;
    }

    private static PathMtuDiscovery of(int number) {
        for (var value : VALUES) {
            if (value.number == number) {
                return value;
            }
        }
        // An unknown flag of a set can be left out, but no other mode would be correct here.
        throw new IllegalStateException(
                "the kernel returned a path MTU discovery mode that Salvo does not know: " + number);
    }
}
