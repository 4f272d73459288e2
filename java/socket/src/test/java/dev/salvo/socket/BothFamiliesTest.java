package dev.salvo.socket;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.Ipv6Options;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trap 24: an IPv6 socket also serves IPv4, unless V6ONLY was set before it was bound. */
@Tag("loopback")
class BothFamiliesTest {

    @Test
    void theIpv6WildcardTakesThePortOfIpv4Too() throws SyscallException {
        try (var both = UdpSocket.open(INET6); var ipv4 = UdpSocket.open(INET)) {
            both.bind(SockAddr.of("::", 0));
            var port = both.localAddress().port();
            var taken = assertThrows(SyscallException.class, () -> ipv4.bind(SockAddr.of("0.0.0.0", port)));
            assertEquals(Errno.EADDRINUSE, taken.errno());
        }
    }

    @Test
    void withV6onlyBothFamiliesBindTheSamePort() throws SyscallException {
        try (var ipv6 = UdpSocket.open(INET6);
                var ipv4 = UdpSocket.open(INET);
                var sender = UdpSocket.open(INET);
                var out = SendBatch.open();
                var in = ReceiveBatch.open(2)) {
            ipv6.set(Ipv6Options.V6ONLY, true);
            ipv6.bind(SockAddr.of("::", 0));
            var port = ipv6.localAddress().port();
            ipv4.bind(SockAddr.of("0.0.0.0", port));
            Traffic.add(out, SockAddr.of("127.0.0.1", port), "for IPv4");
            sender.send(out);
            assertEquals(List.of("for IPv4"), Traffic.texts(Traffic.receive(ipv4, in, 1)));
            assertEquals(0, ipv6.receive(in));
        }
    }

    @Test
    void afterBindV6onlyIsRefused() throws SyscallException {
        try (var socket = UdpSocket.open(INET6)) {
            socket.bind(SockAddr.of("::", 0));
            var late = assertThrows(SyscallException.class, () -> socket.set(Ipv6Options.V6ONLY, true));
            assertEquals(Errno.EINVAL, late.errno());
        }
    }

    @Test
    void anIpv4SocketFailsToSendToAnIpv6Address() throws SyscallException {
        try (var ipv4 = UdpSocket.open(INET); var out = SendBatch.open()) {
            ipv4.bind(SockAddr.of("127.0.0.1", 0));
            var refused = SockAddr.of("::1", ipv4.localAddress().port());
            Traffic.add(out, refused, "to IPv6");
            ipv4.send(out);
            assertEquals(List.of(new SendFailure(refused, 7, Errno.EAFNOSUPPORT)), out.failures());
        }
    }

    @Test
    void anIpv6SocketSendsToAnIpv4Address() throws SyscallException {
        try (var ipv4 = UdpSocket.open(INET);
                var ipv6 = UdpSocket.open(INET6);
                var out = SendBatch.open();
                var in = ReceiveBatch.open(1)) {
            ipv4.bind(SockAddr.of("127.0.0.1", 0));
            Traffic.add(out, ipv4.localAddress(), "to IPv4");
            ipv6.send(out);
            assertEquals(List.of(), out.failures());
            assertEquals(List.of("to IPv4"), Traffic.texts(Traffic.receive(ipv4, in, 1)));
        }
    }

    /** bind(2) of an IPv6 socket takes no sockaddr_in, while connect(2) and sendmmsg(2) do. */
    @Test
    void anIpv6SocketTakesAnIpv4AddressInEveryCall() throws SyscallException {
        try (var ipv4 = UdpSocket.open(INET);
                var ipv6 = UdpSocket.open(INET6);
                var out = SendBatch.open();
                var in = ReceiveBatch.open(4)) {
            ipv4.bind(SockAddr.of("127.0.0.1", 0));
            var to = ipv4.localAddress();
            ipv6.bind(SockAddr.of("127.0.0.1", 0));
            assertEquals(SockAddr.of("::ffff:127.0.0.1", ipv6.localAddress().port()), ipv6.localAddress());
            assertEquals(PathMtu.to(ipv6, to.toIpv4Mapped()), PathMtu.to(ipv6, to));
            for (var source : List.of("127.0.0.1", "::ffff:127.0.0.1")) {
                var options = new SendOptions().source(SockAddr.of(source, 0));
                out.add(MemorySegment.ofArray(new byte[]{'a'}), 0, 1, to, options);
                out.add(MemorySegment.ofArray(new byte[]{'a'}), 0, 1, to.toIpv4Mapped(), options);
            }
            assertEquals(4, ipv6.send(out));
            assertEquals(List.of(), out.failures());
            assertEquals(List.of("a", "a", "a", "a"), Traffic.texts(Traffic.receive(ipv4, in, 4)));
            ipv6.connect(to);
            assertEquals(to.toIpv4Mapped(), ipv6.peerAddress());
        }
    }

    @Test
    void theMappedFormIsTheSameAddress() {
        assertEquals(SockAddr.of("::ffff:10.99.0.2", 7), SockAddr.of("10.99.0.2", 7).toIpv4Mapped());
        assertEquals(SockAddr.of("::ffff:0.0.0.0", 0), SockAddr.of("0.0.0.0", 0).toIpv4Mapped());
        var ipv6 = SockAddr.of("fe80::1%1", 7);
        assertSame(ipv6, ipv6.toIpv4Mapped());
    }
}
