package dev.salvo.socket.option;

import static dev.salvo.socket.option.OptionCase.NET_ADMIN;
import static dev.salvo.socket.option.OptionCase.NET_RAW;
import static dev.salvo.socket.option.OptionCase.readsBack;
import static dev.salvo.socket.option.OptionCase.refused;
import static dev.salvo.socket.option.OptionCases.flags;
import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.testing.Loopback;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How the kernel treats each row of IpOptions and Ipv6Options. */
final class IpOptionCases {

    private IpOptionCases() {}

    static Stream<OptionCase> ipLevel() {
        return Stream.of(
                flags(
                        INET,
                        List.of(IpOptions.FREEBIND,
                                IpOptions.BIND_ADDRESS_NO_PORT,
                                IpOptions.MULTICAST_LOOP,
                                IpOptions.MULTICAST_ALL,
                                IpOptions.RECVTOS,
                                IpOptions.RECVTTL,
                                IpOptions.RECVORIGDSTADDR,
                                IpOptions.RECVOPTS,
                                IpOptions.RECVFRAGSIZE,
                                IpOptions.PKTINFO,
                                IpOptions.CHECKSUM,
                                IpOptions.PASSSEC,
                                IpOptions.RECVERR)),
                flags(INET6, List.of(IpOptions.RECVERR, IpOptions.RECVTOS, IpOptions.RECVTTL, IpOptions.PKTINFO)),
                Arrays.stream(PathMtuDiscovery.values()).map(v -> readsBack(IpOptions.MTU_DISCOVER, INET, v, v)),
                ipValues())
                .flatMap(cases -> cases);
    }

    private static Stream<OptionCase> ipValues() {
        return Stream.of(
                readsBack(IpOptions.TTL, INET, 1, 1),
                readsBack(IpOptions.TTL, INET, 255, 255),
                refused(IpOptions.TTL, INET, 0, Errno.EINVAL),
                readsBack(IpOptions.TOS, INET, 0xbb, 0xbb),
                pathMtu(IpOptions.MTU, Loopback.IPV4),
                refused(IpOptions.MTU, INET, 1_400, Errno.ENOPROTOOPT),
                readsBack(IpOptions.TRANSPARENT, INET, false, false),
                readsBack(IpOptions.TRANSPARENT, INET, true, true).needing(NET_ADMIN, NET_RAW),
                ports(INET, 40_000, 65_535),
                ports(INET6, 0, 50_000),
                refused(IpOptions.LOCAL_PORT_RANGE, INET, new PortRange(3, 2), Errno.EINVAL).since(6, 3),
                readsBack(IpOptions.UNICAST_IF, INET, 1, 1),
                readsBack(IpOptions.UNICAST_IF, INET6, 1, 1),
                refused(IpOptions.UNICAST_IF, INET, 999_999_999, Errno.EADDRNOTAVAIL),
                readsBack(IpOptions.MULTICAST_TTL, INET, 0, 0),
                readsBack(IpOptions.MULTICAST_TTL, INET, 255, 255),
                readsBack(IpOptions.MULTICAST_TTL, INET, -1, 1),
                outgoing("127.0.0.1", 0, "127.0.0.1"),
                outgoing("127.0.0.1", 1, "127.0.0.1"),
                outgoing("0.0.0.0", 1, "0.0.0.0"),
                outgoing("0.0.0.0", 0, "0.0.0.0"),
                readsBack(IpOptions.RECVERR_RFC4884, INET, true, true).since(5, 9));
    }

    private static OptionCase ports(StandardProtocolFamily family, int low, int high) {
        var range = new PortRange(low, high);
        return readsBack(IpOptions.LOCAL_PORT_RANGE, family, range, range).since(6, 3);
    }

    private static OptionCase outgoing(String address, int index, String read) {
        return readsBack(
                IpOptions.MULTICAST_IF,
                INET,
                new OutgoingInterface((Inet4Address) InetAddress.ofLiteral(address), index),
                new OutgoingInterface((Inet4Address) InetAddress.ofLiteral(read), 0));
    }

    private static OptionCase pathMtu(SockOpt<Integer> option, Loopback loopback) {
        return new OptionCase(option, loopback == Loopback.IPV4 ? INET : INET6, "is known once connected", socket -> {
            OptionCase.assertUnreadable(socket, option, Errno.ENOTCONN);
            try (var peer = loopback.bound()) {
                socket.connect(peer.localAddress());
                assertTrue(socket.get(option) >= 65_535);
            }
        });
    }

    static Stream<OptionCase> ipv6Level() {
        return Stream.of(
                flags(
                        INET6,
                        List.of(Ipv6Options.V6ONLY,
                                Ipv6Options.RECVPATHMTU,
                                Ipv6Options.DONTFRAG,
                                Ipv6Options.FREEBIND,
                                Ipv6Options.MULTICAST_LOOP,
                                Ipv6Options.MULTICAST_ALL,
                                Ipv6Options.RECVTCLASS,
                                Ipv6Options.RECVHOPLIMIT,
                                Ipv6Options.RECVPKTINFO,
                                Ipv6Options.RECVORIGDSTADDR,
                                Ipv6Options.RECVHOPOPTS,
                                Ipv6Options.RECVRTHDR,
                                Ipv6Options.RECVDSTOPTS,
                                Ipv6Options.RECVFRAGSIZE,
                                Ipv6Options.FLOWINFO,
                                Ipv6Options.FLOWINFO_SEND,
                                Ipv6Options.AUTOFLOWLABEL,
                                Ipv6Options.RECVERR)),
                Arrays.stream(PathMtuDiscovery.values()).map(v -> readsBack(Ipv6Options.MTU_DISCOVER, INET6, v, v)),
                ipv6Values())
                .flatMap(cases -> cases);
    }

    private static Stream<OptionCase> ipv6Values() {
        return Stream.of(
                readsBack(Ipv6Options.UNICAST_HOPS, INET6, 0, 0),
                readsBack(Ipv6Options.UNICAST_HOPS, INET6, 255, 255),
                refused(Ipv6Options.UNICAST_HOPS, INET6, 256, Errno.EINVAL),
                readsBack(Ipv6Options.TCLASS, INET6, 0xbb, 0xbb),
                readsBack(Ipv6Options.TCLASS, INET6, -1, 0),
                refused(Ipv6Options.TCLASS, INET6, 256, Errno.EINVAL),
                pathMtu(Ipv6Options.MTU, Loopback.IPV6),
                new OptionCase(Ipv6Options.MTU, INET6, "takes 1280 and is not read", socket -> {
                    socket.set(Ipv6Options.MTU, 1_280);
                    OptionCase.assertUnreadable(socket, Ipv6Options.MTU, Errno.ENOTCONN);
                }),
                refused(Ipv6Options.MTU, INET6, 1_279, Errno.EINVAL),
                pathMtu(Ipv6Options.PATHMTU, Loopback.IPV6),
                refused(Ipv6Options.PATHMTU, INET6, 1_400, Errno.ENOPROTOOPT),
                readsBack(Ipv6Options.TRANSPARENT, INET6, false, false),
                readsBack(Ipv6Options.TRANSPARENT, INET6, true, true).needing(NET_ADMIN, NET_RAW),
                readsBack(Ipv6Options.ADDR_PREFERENCES, INET6, 1, 0x401),
                refused(Ipv6Options.ADDR_PREFERENCES, INET6, 3, Errno.EINVAL),
                readsBack(Ipv6Options.UNICAST_IF, INET6, 1, 1),
                refused(Ipv6Options.UNICAST_IF, INET6, 999_999_999, Errno.EADDRNOTAVAIL),
                readsBack(Ipv6Options.MULTICAST_HOPS, INET6, 0, 0),
                readsBack(Ipv6Options.MULTICAST_HOPS, INET6, 255, 255),
                readsBack(Ipv6Options.MULTICAST_HOPS, INET6, -1, 1),
                readsBack(Ipv6Options.MULTICAST_IF, INET6, 1, 1),
                readsBack(Ipv6Options.MULTICAST_IF, INET6, 0, 0),
                readsBack(Ipv6Options.RECVERR_RFC4884, INET6, true, true).since(5, 9));
    }
}
