package dev.salvo.socket;

import dev.salvo.linux.Errno;
import dev.salvo.socket.internal.descriptor.ErrorEntry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An ICMP error about a datagram that was sent: an entry of the socket's error queue, {@code struct sock_extended_err}
 * of ip(7). It is about a datagram that was sent to {@code destination}, not about the call during which it arrived.
 * With coalescing one entry can stand for up to 64 datagrams, or as many as {@link SendBatch#maxSegments} allows.
 * Immutable, so any thread may use it.
 *
 * <p>
 * Anyone on the path can send such an error, or forge one: the kernel only checks that it quotes the addresses and
 * ports of a socket. What it quotes of the payload may show whether it is about a datagram that was really sent.
 *
 * @param errno the errno that the kernel derived from it, positive: ECONNREFUSED, EHOSTUNREACH, EMSGSIZE ({@link Errno}
 *     names it)
 * @param origin the protocol of the ICMP message
 * @param type its type, 0 to 255: for instance 3 of ICMP and 1 of ICMPv6, "destination unreachable"
 * @param code its code, 0 to 255: for instance 3 of ICMP and 4 of ICMPv6, "port unreachable"
 * @param info a further value from the kernel, unsigned 32 bits. If errno is EMSGSIZE, it is the path MTU. For
 *     "parameter problem" of either family it is the offset of the faulty field from the IP header of the datagram.
 *     Otherwise it is 0 over IPv4 (icmp_unreach of net/ipv4/icmp.c), and over IPv6 bytes 4 to 7 of the ICMPv6 message,
 *     whatever its sender has put there (icmpv6_notify)
 * @param destination where the datagram was sent to, in the form of the socket's family: on an INET6 socket, an IPv4
 *     address is IPv4-mapped
 * @param offender the sender of the ICMP message, with port 0: a router, or the destination itself; null if the kernel
 *     does not report it
 * @param payload what the ICMP message quotes of the datagram's payload, from its beginning; read-only. From the kernel
 *     it has at most 1,280 bytes: Linux quotes up to 520 bytes over IPv4 and 1,184 over IPv6, other routers may quote
 *     none at all (RFC 792 requires only the UDP header). Of joined datagrams it quotes the first ones, without the
 *     headers between them. The constructor copies it, so that the caller's buffer may be used again
 */
public record SocketError(int errno, Origin origin, int type, int code, long info, SockAddr destination,
        @Nullable SockAddr offender, ByteBuffer payload) {

    /** The protocols that report errors. */
    public enum Origin {
        /** RFC 792: about a datagram over IPv4, even if its addresses are IPv4-mapped. */
        ICMP,
        /** RFC 4443: about a datagram over IPv6. */
        ICMPV6
    }

    /** Copies the payload. */
    public SocketError {
        payload = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    static SocketError of(ErrorEntry entry) {
        var by = entry.offender();
        return new SocketError(entry.errno(), entry.isIcmpv4() ? Origin.ICMP : Origin.ICMPV6, entry.type(),
                entry.code(), Integer.toUnsignedLong(entry.info()), SockAddr.of(entry.destination()),
                by == null ? null : SockAddr.of(by), entry.quote());
    }

    /**
     * What the ICMP message quotes of the payload.
     *
     * @return a new read-only buffer at each call, so that reading it moves no other buffer's position
     */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * The path MTU that the reporting router states: the largest IP packet that fits, headers included ("fragmentation
     * needed" of ICMP, "packet too big" of ICMPv6). {@link PathMtu#largestPayload} computes the length of a datagram
     * from it. {@link PathMtu#to} returns the MTU that the kernel assumes, which does not trust small values.
     *
     * @return bytes, at most {@link Integer#MAX_VALUE}; 0 if this is another error, or if the router states no MTU
     */
    public int mtu() {
        return errno == Errno.EMSGSIZE ? Math.clamp(info, 0, Integer.MAX_VALUE) : 0;
    }
}
