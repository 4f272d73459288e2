package dev.salvo.protocol.internal.port;

import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.socket.SockAddr;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What a program asks about a group, in its own words.
 *
 * @param action {@code join}, {@code leave}, {@code block} or {@code unblock}
 * @param source empty for the whole group
 * @param networkInterface empty for the interface of the group's scope, or else for that of the kernel's choice
 */
public record GroupRequest(String action, String group, String source, String networkInterface) {

    /** The group without its scope and not IPv4-mapped. The scope is one more way to name the interface. */
    public SockAddr groupAddress() {
        return plain(group);
    }

    /** The source without its scope, which the kernel ignores. */
    public SockAddr sourceAddress() {
        return plain(source);
    }

    /** A scope is not looked up here: when the group is left, the interface may be gone. */
    private static SockAddr plain(String literal) {
        var percent = literal.indexOf('%');
        var address = AddressChecks.literal(percent < 0 ? literal : literal.substring(0, percent), 0);
        if (percent >= 0 && (!address.isIpv6() || address.isIpv4Mapped() || percent == literal.length() - 1)) {
            // Throws the exception for such a scope.
            AddressChecks.literal(literal, 0);
        }
        // InetAddress has an IPv4-mapped literal as the IPv4 address.
        return address.isIpv4Mapped()
                ? SockAddr.of(new InetSocketAddress(InetAddress.ofLiteral(literal), 0))
                : address;
    }

    /** The words that name the interface. */
    public String interfaceWords() {
        var percent = group.indexOf('%');
        return networkInterface.isEmpty() && percent >= 0 ? group.substring(percent + 1) : networkInterface;
    }

    /**
     * Refuses a group whose datagrams a socket can't receive: the kernel joins it all the same. It delivers a datagram
     * only to sockets bound to its destination address or to the wildcard (__udp_is_mcast_sock of net/ipv4/udp.c).
     *
     * @param local what the socket is bound to. When a socket that is bound to the wildcard connects, this becomes the
     *     address of its route
     */
    public void requireAudible(SockAddr local) {
        var group = groupAddress();
        // Without the scope, which is the interface to send by, if a group was bound.
        var bound = plain(local.host());
        // The kernel itself refuses an IPv6 group on an IPv4 socket.
        var audible = bound.inetAddress().isAnyLocalAddress()
                ? !local.isIpv4Mapped() || !group.isIpv6()
                : bound.equals(group);
        if (!audible) {
            throw new IllegalStateException("a port on " + local.host() + " receives nothing that is sent to "
                    + group.host() + ": it must listen on the wildcard address, and not be connected");
        }
    }

    public MulticastJoinException failed(SyscallException cause) {
        return new MulticastJoinException(action, group, source, networkInterface, cause);
    }
}
