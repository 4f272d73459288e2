package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * An ICMP error about a datagram that was sent: an entry of the socket's error queue, {@code struct sock_extended_err}
 * of ip(7). It belongs to the datagrams sent to {@code destination}, not to the call that was made when it came; with
 * coalescing one entry can stand for up to 64 of them. Immutable, so any thread may have it.
 *
 * @param errno what the kernel made of it, positive: ECONNREFUSED, EHOSTUNREACH, EMSGSIZE ({@link Errno} names it)
 * @param origin which protocol's message it was
 * @param type its type, 0 to 255: for instance 3 of ICMP and 1 of ICMPv6, "destination unreachable"
 * @param code its code, 0 to 255: for instance 3 of ICMP and 4 of ICMPv6, "port unreachable"
 * @param info the path's MTU in bytes if errno is EMSGSIZE, else 0; unsigned 32 bits
 * @param destination where the datagram was going, as the socket's family has it: IPv4-mapped on an INET6 socket
 * @param offender who sent the message, a router or the destination itself, with port 0; null where the kernel does not
 *     say
 */
public record SocketError(int errno, Origin origin, int type, int code, long info, SockAddr destination,
        @Nullable SockAddr offender) {

    /** The protocols that tell errors. */
    public enum Origin {
        /** RFC 792, about a datagram over IPv4, also where its addresses are IPv4-mapped. */
        ICMP,
        /** RFC 4443. */
        ICMPV6
    }
}
