package dev.salvo.socket;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An ICMP error about a datagram that was sent: an entry of the socket's error queue, {@code struct sock_extended_err}
 * of ip(7). It belongs to the datagrams sent to {@code destination}, not to the call that was made when it came; with
 * coalescing one entry can stand for up to 64 of them. Immutable, so any thread may have it.
 *
 * <p>Anyone on the path can send one, or invent one: the kernel asks no more of it than that it quotes the addresses
 * and ports of a socket. What it quotes of the payload may tell whether it is about something that was really sent.
 *
 * @param errno what the kernel made of it, positive: ECONNREFUSED, EHOSTUNREACH, EMSGSIZE ({@link Errno} names it)
 * @param origin which protocol's message it was
 * @param type its type, 0 to 255: for instance 3 of ICMP and 1 of ICMPv6, "destination unreachable"
 * @param code its code, 0 to 255: for instance 3 of ICMP and 4 of ICMPv6, "port unreachable"
 * @param info what the kernel has beside it, unsigned 32 bits: the path's MTU if errno is EMSGSIZE; what is wrong with
 *     the datagram, as an offset from its IP header, for the "parameter problem" of either family; else 0 over IPv4
 *     (icmp_unreach of net/ipv4/icmp.c), and over IPv6 bytes 4 to 7 of the message, whoever sent it (icmpv6_notify)
 * @param destination where the datagram was going, as the socket's family has it: IPv4-mapped on an INET6 socket
 * @param offender who sent the message, a router or the destination itself, with port 0; null where the kernel does not
 *     say
 * @param payload what the message quotes of the datagram's payload, from its beginning, read-only, at most 1,280 bytes
 *     when it comes from the kernel: Linux quotes up to 520 bytes over IPv4 and 1,184 over IPv6, other routers as
 *     little as none (RFC 792 asks for the UDP header alone). Of joined datagrams it is the first ones, without what
 *     was between them. Copied here, so that the caller's buffer may be used again
 */
public record SocketError(int errno, Origin origin, int type, int code, long info, SockAddr destination,
        @Nullable SockAddr offender, ByteBuffer payload) {

    /** The protocols that tell errors. */
    public enum Origin {
        /** RFC 792, about a datagram over IPv4, also where its addresses are IPv4-mapped. */
        ICMP,
        /** RFC 4443. */
        ICMPV6
    }

    /** Copies the payload. */
    public SocketError {
        payload = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    /**
     * What the message quotes.
     *
     * @return a read-only buffer, a new one at each call: reading it moves no one else's position
     */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * The largest IP packet that goes through, headers included, as the router tells it ("fragmentation needed" of
     * ICMP, "packet too big" of ICMPv6); {@link PathMtu#largestPayload} makes a datagram's length of it. What the
     * kernel believes, which takes no small values on trust, is {@link PathMtu#to}.
     *
     * @return bytes, of which more than an int has room for are {@link Integer#MAX_VALUE}; 0 if the error is another,
     * or the router does not say
     */
    public int mtu() {
        return errno == Errno.EMSGSIZE ? Math.clamp(info, 0, Integer.MAX_VALUE) : 0;
    }
}
