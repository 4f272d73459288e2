package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes with options of their own are sent in order among the others, and fail as the others do. */
@Tag("loopback")
class WriteOptionsTest {

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Receives a number of datagrams, and returns their sources and texts. */
    private static List<String> received(DatagramSocket socket, int count) throws Exception {
        socket.setSoTimeout(10_000);
        var received = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            var text = new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
            received.add(packet.getAddress().getHostAddress() + " " + text);
        }
        return received;
    }

    @Test
    void aWildcardPortSendsFromTheSourceOfTheOptions() throws Exception {
        try (var reactor = Reactor.open();
                var peer = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            var to = SockAddr.of((InetSocketAddress) peer.getLocalSocketAddress());
            var options = new SendOptions();
            var port = reactor.listenUdp(0, new Recorder());
            assertTrue(port.write(bytes("a"), to, options.source(SockAddr.of("127.0.0.2", 0))));
            assertTrue(port.write(MemorySegment.ofArray(bytes("abc")), 1, 1, to,
                    options.source(SockAddr.of("127.0.0.3", 0))));
            assertTrue(port.write(bytes("c"), to));
            assertTrue(port.write(bytes("d"), to, options.clear()));
            assertTrue(port.write(bytes("eeff"), to,
                    options.source(SockAddr.of("127.0.0.4", 0)).segmentSize(2)));
            port.flush();
            assertEquals(
                    List.of("127.0.0.2 a", "127.0.0.3 b", "127.0.0.1 c", "127.0.0.1 d", "127.0.0.4 ee",
                            "127.0.0.4 ff"),
                    received(peer, 6));
            assertEquals(6, port.statistics().socket().datagramsSent());
        }
    }

    @Test
    void aReceivedDatagramIsAnsweredFromAnotherAddress() throws Exception {
        try (var reactor = Reactor.open();
                var peer = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            var options = new SendOptions().source(SockAddr.of("127.0.0.9", 0));
            var port = reactor.listenUdp(0, (datagram, transport) -> {
                transport.write(datagram, datagram.source(), options);
                transport.write(datagram, datagram.source(), options);
                transport.flush();
                reactor.stop();
            });
            var hello = bytes("hello");
            peer.send(new DatagramPacket(hello, hello.length, InetAddress.ofLiteral("127.0.0.1"),
                    port.localAddress().port()));
            Loop.run(reactor);
            assertEquals(List.of("127.0.0.9 hello", "127.0.0.9 hello"), received(peer, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedPortAcceptsOptionsWithThePeersAddress(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            port.connect(peer.address());
            var options = new SendOptions().source(family.address(0)).hopLimit(3).trafficClass(4);
            assertTrue(port.write(bytes("hello"), peer.address(), options));
            port.flush();
            assertEquals("hello", peer.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedWriteIsReportedForEachDatagram(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            var foreign = SockAddr.of(family == Loopback.IPV4 ? "192.0.2.1" : "2001:db8::1", 0);
            var errno = family == Loopback.IPV4 ? "ENETUNREACH" : "EINVAL";
            Loop.phases(reactor, () -> {
                port.write(bytes("aabbc"), peer.address(), new SendOptions().source(foreign).segmentSize(2));
                port.write(bytes("good"), peer.address());
            });
            var failed = "failed " + peer.address();
            assertEquals(
                    List.of("start", failed + " 2 " + errno, failed + " 2 " + errno, failed + " 1 " + errno, "stop"),
                    protocol.events);
            assertEquals(List.of("good"), peer.received());
        }
    }

    @ParameterizedTest
    @EnumSource
    void argumentsAreCheckedAsForOtherWrites(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var options = new SendOptions().segmentSize(1);
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var other = family.other().address(9);
            var tooLong = new byte[family.largestDatagram + 1];
            assertThrows(InvalidAddressException.class, () -> port.write(bytes("a"), other, options));
            assertThrows(MessageLengthException.class, () -> port.write(tooLong, peer.address(), options));
            assertThrows(IllegalArgumentException.class, () -> port.write(new byte[65], peer.address(), options));
            var foreign = new SendOptions().source(other);
            assertThrows(IllegalArgumentException.class, () -> port.write(bytes("a"), peer.address(), foreign));
            assertTrue(port.write(bytes("a"), peer.address(), options));
            port.flush();
            assertEquals(List.of("a"), peer.received());
            port.stopListening();
            Loop.turns(reactor, 1);
            assertThrows(IllegalStateException.class, () -> port.write(bytes("a"), peer.address(), options));
        }
    }
}
