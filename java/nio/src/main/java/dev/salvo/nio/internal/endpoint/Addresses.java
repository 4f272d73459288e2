package dev.salvo.nio.internal.endpoint;

import dev.salvo.socket.SockAddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Converts between the addresses of java.net and of the socket layer. An IPv6 socket has IPv4 addresses in their
 * IPv4-mapped form, of which java.net knows nothing. The latest addresses are kept, so that a program that answers one
 * peer makes no objects. Used with the endpoint's lock held.
 */
final class Addresses {

    private static final int KEPT = 64;

    private final boolean ipv6;
    private final @Nullable SockAddr[] sources = new SockAddr[KEPT];
    private final @Nullable InetSocketAddress[] shown = new InetSocketAddress[KEPT];
    /** The latest source, and the latest destination that was no source, as both have them. */
    private @Nullable InetSocketAddress from;
    private @Nullable SockAddr fromNative;
    private @Nullable InetSocketAddress to;
    private @Nullable SockAddr toNative;

    Addresses(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    /** The address that a datagram came from. */
    InetSocketAddress ofSource(SockAddr source) {
        var known = from;
        if (known != null && fromNative != null && fromNative.equals(source)) {
            return known;
        }
        var at = source.hashCode() & KEPT - 1;
        var kept = sources[at];
        var address = shown[at];
        if (kept == null || address == null || !kept.equals(source)) {
            kept = source.copy();
            address = shown(kept);
            sources[at] = kept;
            shown[at] = address;
        }
        from = address;
        fromNative = kept;
        return address;
    }

    /** The same address as java.net has it: an IPv4-mapped one as IPv4. */
    static InetSocketAddress shown(SockAddr address) {
        try {
            var bytes = address.address();
            var inet = address.scopeId() != 0
                    ? Inet6Address.getByAddress(null, bytes, address.scopeId())
                    : InetAddress.getByAddress(bytes);
            return new InetSocketAddress(inet, address.port());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /** The address to give to the kernel. Compared by identity, since equals of Inet6Address ignores the scope. */
    SockAddr ofDestination(InetSocketAddress address) {
        if (address == from && fromNative != null) {
            return fromNative;
        }
        if (address == to && toNative != null) {
            return toNative;
        }
        var converted = inFamily(address);
        to = address;
        toNative = converted;
        return converted;
    }

    /** An address in the family of the socket. The wildcard of IPv4 stands for that of both families. */
    SockAddr inFamily(InetSocketAddress address) {
        var inet = address.getAddress();
        if (!ipv6 || inet instanceof Inet6Address) {
            return SockAddr.of(address);
        }
        return inet.isAnyLocalAddress()
                ? SockAddr.of("::", address.getPort())
                : SockAddr.of(address).toIpv4Mapped();
    }
}
