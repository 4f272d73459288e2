package dev.salvo.cli;

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
 * Where a datagram goes, and how.
 *
 * @param written the destination
 * @param broadcast whether it may be a broadcast address
 * @param ttl how many hops it may take; null for the kernel's choice
 * @param networkInterface by which it goes to a group; null for the kernel's choice
 */
record SendWay(BindAddress written, boolean broadcast, @Nullable Integer ttl, @Nullable String networkInterface) {

    /** What can be said to be wrong before anything is opened. */
    void check() throws IOException {
        if (written.port() == 0) {
            throw new BadArgumentsException("nothing can be sent to port 0: " + written);
        }
        if (ttl != null && (ttl < (isGroup() ? 0 : 1) || ttl > 255)) {
            throw new BadArgumentsException("--ttl must be " + (isGroup() ? 0 : 1) + " to 255");
        }
        if (networkInterface == null) {
            return;
        }
        if (!isGroup()) {
            throw new BadArgumentsException("--interface is for multicast groups: routes say where " + written + " is");
        }
        try {
            Multicast.interfaceIndex(networkInterface);
        } catch (IllegalArgumentException e) {
            throw new BadArgumentsException(String.valueOf(e.getMessage()));
        }
    }

    /** The address; an IPv4 one that was written in its IPv6 form is an IPv4 one. */
    SockAddr destination() {
        // InetAddress.getByAddress makes an Inet4Address of a mapped one.
        return written.address().isIpv4Mapped()
                ? SockAddr.of(unmapped(written.address().address()), written.port())
                : written.address();
    }

    private static InetAddress unmapped(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are always an address", e);
        }
    }

    boolean isGroup() {
        return Group.isGroup(destination());
    }

    /** Where to send from. */
    String local() {
        return destination().isIpv6() ? "::" : "0.0.0.0";
    }

    void configure(DatagramTransport transport) throws IOException {
        if (broadcast) {
            transport.setBroadcastAllowed(true);
        }
        if (networkInterface != null) {
            transport.setOutgoingInterface(networkInterface);
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
