package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The value of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER: what becomes of a datagram that is larger than the path takes.
 * Names are the kernel's without their prefix {@code IP_PMTUDISC_}.
 */
public enum PathMtuDiscovery {

    /** Nothing is forbidden: the host fragments, and over IPv4 so may every router. */
    DONT(Linux.IP_PMTUDISC_DONT()),

    /** The host fragments to the path MTU that it knows; what fits that, routers may not fragment. */
    WANT(Linux.IP_PMTUDISC_WANT()),

    /** Nobody fragments: what is larger than the known path MTU fails with EMSGSIZE. */
    DO(Linux.IP_PMTUDISC_DO()),

    /** Nobody fragments, and the known path MTU is ignored: what fits the interface is sent. To probe with. */
    PROBE(Linux.IP_PMTUDISC_PROBE()),

    /**
     * Sizes are the interface's, and what routers tell is neither learnt nor used, so that nobody can shrink the path
     * by forged ICMP errors. What is larger fails with EMSGSIZE, and over IPv4 routers may fragment.
     */
    INTERFACE(Linux.IP_PMTUDISC_INTERFACE()),

    /** As {@link #INTERFACE}, but what is larger than the interface takes is fragmented. */
    OMIT(Linux.IP_PMTUDISC_OMIT());

    // linux/in6.h has the same numbers as IPV6_PMTUDISC_.
    private final int number;

    private static final List<PathMtuDiscovery> VALUES = List.of(values());

    static final SockOpt.Codec<PathMtuDiscovery> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public PathMtuDiscovery read(MemorySegment memory, int length) {
            var number = SockOpt.INT.read(memory, length);
            for (var value : VALUES) {
                if (value.number == number) {
                    return value;
                }
            }
            // Unlike an unknown flag of a set, there is no value that is true and leaves it out.
            throw new IllegalStateException("the kernel told a path MTU discovery that Salvo does not know: " + number);
        }

        @Override
        public int write(MemorySegment memory, PathMtuDiscovery value) {
            return SockOpt.INT.write(memory, value.number);
        }
    };

    PathMtuDiscovery(int number) {
        this.number = number;
    }
}
