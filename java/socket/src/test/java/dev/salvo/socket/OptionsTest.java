package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.OutgoingInterface;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option that can be set reads back as it was set, on a socket of its family. */
@Tag("loopback")
class OptionsTest {

    record Case<T>(SockOpt<T> option, StandardProtocolFamily family, T set, T read) {

        void check() throws SyscallException {
            try (var socket = UdpSocket.open(family)) {
                socket.set(option, set);
                assertEquals(read, socket.get(option));
            }
        }
    }

    private static Case<Integer> v4(SockOpt<Integer> option, int value) {
        return new Case<>(option, StandardProtocolFamily.INET, value, value);
    }

    private static Case<Integer> v6(SockOpt<Integer> option, int value) {
        return new Case<>(option, StandardProtocolFamily.INET6, value, value);
    }

    private static Case<OutgoingInterface> outgoing(String address, int index, String read) {
        return new Case<>(
                IpOptions.MULTICAST_IF,
                StandardProtocolFamily.INET,
                new OutgoingInterface((Inet4Address) InetAddress.ofLiteral(address), index),
                new OutgoingInterface((Inet4Address) InetAddress.ofLiteral(read), 0));
    }

    private static Stream<Case<Boolean>> flag(SockOpt<Boolean> option, StandardProtocolFamily family) {
        return Stream.of(new Case<>(option, family, true, true), new Case<>(option, family, false, false));
    }

    static Stream<Case<?>> cases() {
        var flags4 = Stream.of(
                SocketOptions.REUSEADDR,
                SocketOptions.REUSEPORT,
                SocketOptions.BROADCAST,
                SocketOptions.RXQ_OVFL,
                SocketOptions.TIMESTAMPNS,
                IpOptions.RECVERR,
                IpOptions.MULTICAST_ALL,
                IpOptions.MULTICAST_LOOP,
                IpOptions.RECVTOS,
                IpOptions.RECVTTL,
                UdpOptions.GRO);
        var flags6 = Stream.of(
                Ipv6Options.V6ONLY,
                Ipv6Options.RECVERR,
                Ipv6Options.MULTICAST_ALL,
                Ipv6Options.MULTICAST_LOOP,
                Ipv6Options.RECVTCLASS,
                Ipv6Options.RECVHOPLIMIT,
                Ipv6Options.RECVPKTINFO,
                IpOptions.RECVERR,
                IpOptions.RECVTOS,
                UdpOptions.GRO);
        var values = Stream.<Case<?>>of(
                new Case<>(SocketOptions.RCVBUF, StandardProtocolFamily.INET, 50_000, 100_000),
                new Case<>(SocketOptions.SNDBUF, StandardProtocolFamily.INET, 50_000, 100_000),
                v4(IpOptions.TTL, 1),
                v4(IpOptions.TTL, 255),
                v4(IpOptions.TOS, 0xb8),
                v4(IpOptions.MULTICAST_TTL, 0),
                v4(IpOptions.MULTICAST_TTL, 255),
                new Case<>(IpOptions.MULTICAST_TTL, StandardProtocolFamily.INET, -1, 1),
                outgoing("127.0.0.1", 0, "127.0.0.1"),
                outgoing("127.0.0.1", 1, "127.0.0.1"),
                outgoing("0.0.0.0", 1, "0.0.0.0"),
                outgoing("0.0.0.0", 0, "0.0.0.0"),
                new Case<>(IpOptions.MTU_DISCOVER, StandardProtocolFamily.INET, PathMtuDiscovery.PROBE,
                        PathMtuDiscovery.PROBE),
                v4(UdpOptions.SEGMENT, 1200),
                v6(Ipv6Options.UNICAST_HOPS, 0),
                v6(Ipv6Options.UNICAST_HOPS, 255),
                v6(Ipv6Options.MULTICAST_HOPS, 0),
                v6(Ipv6Options.MULTICAST_HOPS, 255),
                new Case<>(Ipv6Options.MULTICAST_HOPS, StandardProtocolFamily.INET6, -1, 1),
                v6(Ipv6Options.MULTICAST_IF, 1),
                v6(Ipv6Options.MULTICAST_IF, 0),
                v6(Ipv6Options.TCLASS, 0xb8),
                new Case<>(Ipv6Options.MTU_DISCOVER, StandardProtocolFamily.INET6, PathMtuDiscovery.PROBE,
                        PathMtuDiscovery.PROBE));
        return Stream.of(
                flags4.flatMap(o -> flag(o, StandardProtocolFamily.INET)),
                flags6.flatMap(o -> flag(o, StandardProtocolFamily.INET6)),
                values)
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsSetReadsBack(Case<?> pair) throws SyscallException {
        pair.check();
    }

    @Test
    void multicastKnowsItsLimitsAndItsInterfaces() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
            assertEquals(Errno.EINVAL, refusal(socket, IpOptions.MULTICAST_TTL, 256));
            assertEquals(Errno.EINVAL, refusal(socket, Ipv6Options.MULTICAST_HOPS, 256));
            assertEquals(Errno.ENODEV, refusal(socket, Ipv6Options.MULTICAST_IF, 999_999_999));
            for (var nowhere : List.of(
                    outgoing("0.0.0.0", 999_999_999, "0.0.0.0").set, outgoing("198.51.100.77", 0, "0.0.0.0").set)) {
                assertEquals(Errno.EADDRNOTAVAIL, refusal(socket, IpOptions.MULTICAST_IF, nowhere));
            }
        }
    }

    private static <T> int refusal(UdpSocket socket, SockOpt<T> option, T value) {
        return assertThrows(SyscallException.class, () -> socket.set(option, value)).errno();
    }

    @Test
    void whatASocketIsCanBeRead() throws SyscallException {
        try (var socket = Loopback.IPV6.bound()) {
            assertEquals(2, socket.get(SocketOptions.TYPE));
            assertEquals(10, socket.get(SocketOptions.DOMAIN));
            assertEquals(17, socket.get(SocketOptions.PROTOCOL));
            assertEquals(0, socket.get(SocketOptions.ERROR));
            assertThrows(SyscallException.class, () -> socket.set(SocketOptions.TYPE, 1));
        }
    }

    @Test
    void thePathMtuIsKnownOnceConnected() throws SyscallException {
        try (var socket = Loopback.IPV4.bound()) {
            var unconnected = assertThrows(SyscallException.class, () -> socket.get(IpOptions.MTU));
            assertEquals(Errno.ENOTCONN, unconnected.errno());
            assertEquals("getsockopt IP_MTU: ENOTCONN (not connected)", unconnected.getMessage());
            socket.connect(socket.localAddress());
            assertTrue(socket.get(IpOptions.MTU) >= 65_535);
        }
        try (var socket = Loopback.IPV6.bound()) {
            socket.connect(socket.localAddress());
            assertTrue(socket.get(Ipv6Options.MTU) >= 65_535);
        }
    }

    @Test
    void aRowOfTheUsersOwnWorks() throws SyscallException {
        try (var socket = Loopback.IPV4.bound()) {
            var priority = SockOpt.ofInt("SO_PRIORITY", 1, 12);
            socket.set(priority, 5);
            assertEquals(5, socket.get(priority));
            var unknown = SockOpt.ofInt("UDP_NOSUCH", 17, 9999);
            assertEquals(
                    Errno.ENOPROTOOPT,
                    assertThrows(SyscallException.class, () -> socket.get(unknown)).errno());
        }
    }

    /** The kernel would read beyond the memory that there is. */
    @Test
    void aCodecThatClaimsTooMuchIsRefused() throws SyscallException {
        record Huge(int size) implements SockOpt.Codec<Integer> {
            @Override
            public Integer read(MemorySegment memory, int length) {
                return length;
            }

            @Override
            public int write(MemorySegment memory, Integer value) {
                return size;
            }
        }
        try (var socket = Loopback.IPV4.bound()) {
            for (int size : new int[]{-1, 65_537, Integer.MAX_VALUE}) {
                var row = new SockOpt<>("HUGE", Integer.class, 1, 8, new Huge(size));
                assertThrows(IllegalArgumentException.class, () -> socket.get(row));
                assertThrows(IllegalArgumentException.class, () -> socket.set(row, 1));
            }
        }
    }
}
