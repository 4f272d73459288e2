package dev.salvo.cli.send;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.argument.Group;
import dev.salvo.cli.argument.HostPort;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The destination of a datagram and the options for sending it.
 *
 * @param written the destination as it was written
 * @param found the address that this is
 * @param broadcast whether the destination may be a broadcast address
 * @param ttl the hop limit; null for the kernel's default
 * @param networkInterface the interface to send to a group by; null for the kernel's choice
 */
record SendWay(HostPort written, BindAddress found, boolean broadcast, @Nullable Integer ttl,
        @Nullable String networkInterface) {

    /** Reports those errors in the arguments that can be found before a socket is opened. */
    void check() throws IOException {
        if (ttl != null && (ttl < (isGroup() ? 0 : 1) || ttl > 255)) {
            throw new BadArgumentsException("--ttl must be from " + (isGroup() ? 0 : 1) + " to 255");
        }
        if (networkInterface == null) {
            return;
        }
        if (!isGroup() && !isBroadcast()) {
            throw new BadArgumentsException("--interface needs a multicast group, 255.255.255.255 or --broadcast;"
                    + " the kernel's routes select the interface to " + written);
        }
        try {
            Multicast.interfaceIndex(networkInterface);
        } catch (IllegalArgumentException e) {
            throw new BadArgumentsException(String.valueOf(e.getMessage()));
        }
    }

    /** The destination. An IPv4-mapped IPv6 address is converted to its IPv4 address. */
    SockAddr destination() {
        // InetAddress.getByAddress returns an Inet4Address for a mapped address.
        return found.address().isIpv4Mapped()
                ? SockAddr.of(unmapped(found.address().address()), found.port())
                : found.address();
    }

    private static InetAddress unmapped(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 16 bytes is always valid", e);
        }
    }

    boolean isGroup() {
        return Group.isGroup(destination());
    }

    /** Whether many may answer: then the port must not be connected. */
    boolean isBroadcast() {
        return broadcast || destination().equals(SockAddr.broadcast(found.port()));
    }

    /** How messages name the destination: as it was written, and if that is a name, with the address. */
    String shown() {
        return written.literal() != null ? written.toString() : written + " (" + found.literal() + ")";
    }

    /** The wildcard address of the destination's family, to send from. */
    String local() {
        return destination().isIpv6() ? "::" : "0.0.0.0";
    }

    void configure(DatagramTransport transport) throws IOException {
        if (broadcast) {
            transport.setBroadcastAllowed(true);
        }
        if (networkInterface != null) {
            if (isGroup()) {
                transport.setOutgoingInterface(networkInterface);
            } else {
                // The options for groups don't apply to broadcasts (udp_sendmsg of net/ipv4/udp.c).
                transport.socket().set(
                        destination().isIpv6() ? Ipv6Options.UNICAST_IF : IpOptions.UNICAST_IF,
                        Multicast.interfaceIndex(networkInterface));
            }
        }
        if (ttl == null) {
            return;
        }
        if (isGroup()) {
            transport.setTTL(ttl);
        } else {
            transport.socket().set(destination().isIpv6() ? Ipv6Options.UNICAST_HOPS : IpOptions.TTL, ttl);
        }
    }
}
