package dev.salvo.socket;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.testing.ThreeCables;
import java.net.StandardProtocolFamily;

/** Groups of the two families, and the names that each family gives to the same options. */
public enum GroupFamily {
    IPV4(StandardProtocolFamily.INET, "0.0.0.0", "239.1.2.", "127.0.0.1"), IPV6(StandardProtocolFamily.INET6, "::",
            "ff15::4:", "::1");

    public final StandardProtocolFamily family;
    final String wildcard;
    /** A unicast address, which is no group. */
    final String unicast;

    private final String prefix;

    GroupFamily(StandardProtocolFamily family, String wildcard, String prefix, String unicast) {
        this.family = family;
        this.wildcard = wildcard;
        this.prefix = prefix;
        this.unicast = unicast;
    }

    SockOpt<Boolean> all() {
        return this == IPV4 ? IpOptions.MULTICAST_ALL : Ipv6Options.MULTICAST_ALL;
    }

    SockOpt<Boolean> loop() {
        return this == IPV4 ? IpOptions.MULTICAST_LOOP : Ipv6Options.MULTICAST_LOOP;
    }

    /** A group of scope "administrative" or "site", so that routers may forward it. */
    SockAddr group(int number, int port) {
        return SockAddr.of(prefix + number, port);
    }

    void setOutgoing(UdpSocket socket, String spec) throws SyscallException {
        if (this == IPV4) {
            socket.set(IpOptions.MULTICAST_IF, Multicast.outgoingInterface(spec));
        } else {
            socket.set(Ipv6Options.MULTICAST_IF, Multicast.interfaceIndex(spec));
        }
    }

    /** The global address of a host on one of the {@link ThreeCables}. */
    public String address(String cable, int host) {
        return this == IPV4 ? ThreeCables.ipv4(cable, host) : ThreeCables.ipv6(cable, host);
    }

    /** A socket on a port that the kernel chose, which receives only the groups that it joins. */
    public UdpSocket bound() throws SyscallException {
        var socket = UdpSocket.open(family);
        socket.set(all(), false);
        socket.bind(SockAddr.of(wildcard, 0));
        return socket;
    }
}
