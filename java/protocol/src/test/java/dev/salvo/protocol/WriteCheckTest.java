package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Length and family are checked at once, and a refused write leaves nothing behind. */
@Tag("loopback")
class WriteCheckTest {

    private static final MemorySegment LARGE = MemorySegment.ofArray(new byte[70_000]);

    @ParameterizedTest
    @EnumSource
    void theOtherFamilyIsRefused(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var stranger = family.other().address(9);
            var expected = family == Loopback.IPV4
                    ? "IPv4 port write() called with IPv6 address " + stranger
                    : "IPv6 port write() called with IPv4 address " + stranger;
            var written = assertThrows(InvalidAddressException.class, () -> port.write(new byte[1], stranger));
            assertEquals(expected, written.getMessage());
            assertEquals(0, port.statistics().datagramsQueued());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLargestArrivesAndOneByteMoreIsRefused(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var largest = family.largestDatagram;
            var tooLong = assertThrows(
                    MessageLengthException.class, () -> port.write(LARGE, 0, largest + 1, peer.address()));
            assertEquals(
                    "Message is too long to send: " + (largest + 1) + " bytes, at most " + largest + " fit",
                    tooLong.getMessage());
            assertThrows(MessageLengthException.class, () -> port.write(LARGE, 0, 70_000, peer.address()));
            port.write(LARGE, 0, largest, peer.address());
            port.flush();
            assertEquals(List.of(largest), peer.received().stream().map(String::length).toList());
        }
    }

    /** In whatever form it is given: the kernel refuses it, and the port reports that. */
    @ParameterizedTest
    @EnumSource
    void aDatagramToPort0FailsLater(Loopback family) throws Exception {
        var failed = new ArrayList<String>();
        var protocol = new Recorder() {
            @Override
            public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {
                failed.add(destination + " " + length + " " + Errno.name(errno));
            }
        };
        var nobody = family.address(0);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            assertTrue(port.write(new byte[1], family.literal, 0));
            assertTrue(port.write(new byte[2], nobody.toInetSocketAddress()));
            assertTrue(port.write(new byte[3], nobody));
            assertTrue(port.write(LARGE, 0, 4, nobody));
            Loop.turns(reactor, 2);
        }
        assertEquals(List.of(1, 2, 3, 4).stream().map(length -> nobody + " " + length + " EINVAL").toList(), failed);
    }

    @ParameterizedTest
    @EnumSource
    void connectRefusesPort0InEveryForm(Loopback family) throws Exception {
        var nobody = family.address(0);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            assertThrows(InvalidAddressException.class, () -> port.connect(family.literal, 0));
            assertThrows(InvalidAddressException.class, () -> port.connect(nobody));
            assertThrows(InvalidAddressException.class, () -> port.connect(nobody.toInetSocketAddress()));
            assertNull(port.peerAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aPortOutOfRangeIsRefused(int number) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder());
            assertThrows(IllegalArgumentException.class, () -> port.write(new byte[1], "127.0.0.1", number));
            assertThrows(IllegalArgumentException.class, () -> port.write(new byte[1], "<broadcast>", number));
            assertThrows(IllegalArgumentException.class, () -> port.connect("127.0.0.1", number));
            assertThrows(IllegalArgumentException.class, () -> reactor.listenUdp(number, new Recorder()));
            assertEquals(0, port.statistics().datagramsQueued());
        }
    }

    /** IPv4 behind an IPv6 port has IPv4's limit. */
    @Test
    void aMappedDestinationHasTheLimitOfIpv4() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Recorder(), PortOptions.defaults().withInterface("::"));
            var mapped = SockAddr.of("::ffff:127.0.0.1", peer.address().port());
            assertThrows(MessageLengthException.class, () -> port.write(LARGE, 0, 65_508, mapped));
            port.write(LARGE, 0, 65_507, mapped);
            port.flush();
            assertEquals(List.of(65_507), peer.received().stream().map(String::length).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesOutsideThePayloadAreRefused(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var ten = MemorySegment.ofArray(new byte[10]);
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(ten, 5, 6, peer.address()));
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(ten, -1, 5, peer.address()));
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(ten, 0, -1, peer.address()));
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(ten, 11, 0, peer.address()));
            Loop.turns(reactor, 2);
            assertEquals(List.of(), peer.received());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortRefuses(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            port.stopListening();
            port.write(new byte[1], family.address(9));
            Loop.turns(reactor, 1);
            assertThrows(IllegalStateException.class, () -> port.write(new byte[1], family.address(9)));
            assertThrows(IllegalStateException.class, port::flush);
        }
    }
}
