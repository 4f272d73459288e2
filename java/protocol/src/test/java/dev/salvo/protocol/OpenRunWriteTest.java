package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A write that follows another one in the same batch skips checks, but is refused for the same reasons. */
@Tag("loopback")
class OpenRunWriteTest {

    private static final MemorySegment AB = MemorySegment.ofArray(new byte[]{'a', 'b'});

    /** The writes without options. */
    enum Form {
        ARRAY, SEGMENT, ARRAY_TO_PEER, SEGMENT_TO_PEER;

        boolean write(DatagramTransport port, char one, SockAddr destination) {
            return write(port, new byte[]{(byte) one}, destination);
        }

        boolean write(DatagramTransport port, byte[] bytes, SockAddr destination) {
            return switch (this) {
                case ARRAY -> port.write(bytes, destination);
                case SEGMENT -> port.write(MemorySegment.ofArray(bytes), 0, bytes.length, destination);
                case ARRAY_TO_PEER -> port.write(bytes);
                case SEGMENT_TO_PEER -> port.write(MemorySegment.ofArray(bytes), 0, bytes.length);
            };
        }

        private DatagramTransport connected(DatagramTransport port, SockAddr peer) throws Exception {
            if (this == ARRAY_TO_PEER || this == SEGMENT_TO_PEER) {
                port.connect(peer);
            }
            return port;
        }

        DatagramTransport listen(Reactor reactor, SockAddr peer) throws Exception {
            return connected(reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options()), peer);
        }

        DatagramTransport listen(FaultyReactor faulty, SockAddr peer) throws Exception {
            return connected(faulty.listen(new Recorder(), Loopback.IPV4.options()), peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesArriveInOrderTurnAfterTurn(Form form) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = form.listen(reactor, peer.address());
            Call three = () -> "abc".chars().forEach(c -> form.write(port, (char) c, peer.address()));
            Loop.phases(reactor, three, three, three);
            assertEquals(List.of("a", "b", "c", "a", "b", "c", "a", "b", "c"), peer.received());
            assertEquals(3, port.statistics().socket().messagesSent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteFromAnotherThreadIsRefusedWithAHint(Form form) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = form.listen(reactor, peer.address());
            form.write(port, 'a', peer.address());
            var written = CompletableFuture.supplyAsync(() -> form.write(port, 'b', peer.address()));
            var cause = assertThrows(CompletionException.class, written::join).getCause();
            var refused = assertInstanceOf(WrongThreadException.class, cause);
            assertTrue(String.valueOf(refused.getMessage()).endsWith("use callFromThread"), refused.getMessage());
            Loop.turns(reactor, 1);
            assertEquals(List.of("a"), peer.received());
        }
    }

    /** Datagrams that the closed port could not send are dropped, and by then the other port uses its batch. */
    @ParameterizedTest
    @EnumSource
    void aClosedPortRefusesWhileAnotherWrites(Form form) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var closed = form.listen(faulty, peer.address());
            var other = form.listen(faulty, peer.address());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        faulty.reactor.callLater(Duration.ZERO, () -> form.write(closed, 'a', peer.address()));
                        closed.stopListening();
                    },
                    () -> {
                        assertEquals(1, closed.statistics().datagramsDropped());
                        form.write(other, 'b', peer.address());
                        assertThrows(IllegalStateException.class, () -> form.write(closed, 'c', peer.address()));
                    });
            assertEquals(List.of("b"), peer.received());
        }
    }

    /** EAGAIN and ENOBUFS. */
    @ParameterizedTest
    @ValueSource(ints = {11, 105})
    void whileTheKernelAcceptsNothingTheQueueLimitHolds(int errno) throws Exception {
        var options = Loopback.IPV4.options().withSendQueueBytes(1_000);
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), options);
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(errno));
            faulty.phases(
                    () -> port.write(new byte[100], peer.address()),
                    () -> {
                        for (int i = 1; i < 6; i++) {
                            assertTrue(port.write(new byte[100], peer.address()));
                        }
                        assertFalse(port.write(new byte[100], peer.address()));
                        assertEquals(6, port.statistics().datagramsQueued());
                    });
        }
    }

    @Test
    void aWriteWithoutAddressIsRefusedAfterDisconnect() throws Exception {
        try (var reactor = Reactor.open();
                var first = Peer.open(Loopback.IPV4);
                var second = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            port.connect(first.address());
            port.write(new byte[]{'1'});
            port.connect(second.address());
            port.write(new byte[]{'2'});
            port.disconnect();
            assertThrows(IllegalStateException.class, () -> port.write(new byte[]{'3'}));
            assertThrows(IllegalStateException.class, () -> port.write(AB, 0, 1));
            port.write(new byte[]{'4'}, first.address());
            assertThrows(IllegalStateException.class, () -> port.write(new byte[]{'5'}));
            Loop.turns(reactor, 1);
            assertEquals(List.of("1", "4"), first.received());
            assertEquals(List.of("2"), second.received());
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesToChangingDestinationsArrive(Loopback over) throws Exception {
        try (var reactor = Reactor.open();
                var first = Peer.open(over);
                var second = Peer.open(over)) {
            var port = reactor.listenUdp(0, new Recorder(), over.options());
            for (var text : List.of("a", "bb", "c")) {
                assertTrue(port.write(text.getBytes(StandardCharsets.ISO_8859_1), first.address()));
                assertTrue(port.write(text.getBytes(StandardCharsets.ISO_8859_1), second.address()));
            }
            Loop.turns(reactor, 1);
            assertEquals(List.of("a", "bb", "c"), first.received());
            assertEquals(List.of("a", "bb", "c"), second.received());
        }
    }

    @Test
    void aDestinationOfTheOtherFamilyIsRefused() throws Exception {
        try (var reactor = Reactor.open()) {
            var ipv4 = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            var ipv6 = reactor.listenUdp(0, new Recorder(), Loopback.IPV6.options());
            assertTrue(ipv4.write(new byte[1], ipv4.localAddress()));
            assertTrue(ipv6.write(new byte[1], ipv6.localAddress()));
            assertThrows(InvalidAddressException.class, () -> ipv4.write(new byte[1], ipv6.localAddress()));
            assertThrows(InvalidAddressException.class, () -> ipv6.write(new byte[1], ipv4.localAddress()));
            assertThrows(InvalidAddressException.class, () -> ipv4.write(AB, 0, 1, ipv6.localAddress()));
            assertThrows(InvalidAddressException.class, () -> ipv6.write(AB, 0, 1, ipv4.localAddress()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramLongerThanUdpAllowsIsRefused(Form form) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = form.listen(reactor, peer.address());
            form.write(port, 'a', peer.address());
            var tooLong = new byte[65_508];
            assertThrows(MessageLengthException.class, () -> form.write(port, tooLong, peer.address()));
            Loop.turns(reactor, 1);
            assertEquals(List.of("a"), peer.received());
        }
    }

    @Test
    void aDatagramTooLongForTheNamedPeerIsRefused() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = Form.ARRAY_TO_PEER.listen(reactor, peer.address());
            var named = peer.address();
            port.write(new byte[]{'a'}, named);
            assertThrows(MessageLengthException.class, () -> port.write(new byte[65_508], named));
            Loop.turns(reactor, 1);
            assertEquals(List.of("a"), peer.received());
        }
    }

    @Test
    void anotherDestinationIsRefusedOnceThePortIsConnected() throws Exception {
        try (var reactor = Reactor.open();
                var first = Peer.open(Loopback.IPV4);
                var second = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            port.write(new byte[]{'1'}, first.address());
            port.connect(second.address());
            assertThrows(InvalidAddressException.class, () -> port.write(new byte[]{'x'}, first.address()));
            port.write(new byte[]{'2'}, second.address());
            Loop.turns(reactor, 1);
            assertEquals(List.of("1"), first.received());
            assertEquals(List.of("2"), second.received());
        }
    }

    /** The view of a datagram that is gone. */
    @Test
    void aViewThatShowsNothingIsRefused() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var kept = new ArrayList<SockAddr>();
            var port = reactor.listenUdp(
                    0, (datagram, transport) -> kept.add(datagram.source()), Loopback.IPV4.options());
            peer.send(port, "1");
            Loop.phases(reactor, () -> {}, () -> {
                assertTrue(port.write(new byte[]{'a'}, peer.address()));
                assertThrows(IllegalStateException.class, () -> port.write(new byte[]{'b'}, kept.getFirst()));
            });
            assertEquals(List.of("a"), peer.received());
        }
    }

    /** Internally, a null address means the peer. */
    @SuppressWarnings("NullAway")
    @Test
    void aNullAddressIsRefused() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = Form.ARRAY_TO_PEER.listen(reactor, peer.address());
            port.write(new byte[]{'a'});
            assertThrows(NullPointerException.class, () -> port.write(new byte[]{'b'}, (SockAddr) null));
            assertThrows(NullPointerException.class, () -> port.write(AB, 0, 1, null));
            assertThrows(
                    InvalidAddressException.class,
                    () -> port.write(new byte[]{'c'}, SockAddr.of("127.0.0.1", 9)));
            port.write(new byte[]{'d'}, peer.address());
            Loop.turns(reactor, 1);
            assertEquals(List.of("a", "d"), peer.received());
        }
    }

    @Test
    void bytesOutsideThePayloadAreRefused() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            var to = peer.address();
            port.write(AB, 0, 1, to);
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(AB, 2, 1, to));
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(AB, -1, 1, to));
            assertThrows(IndexOutOfBoundsException.class, () -> port.write(AB, 1, -1, to));
            MemorySegment gone;
            try (var arena = Arena.ofConfined()) {
                gone = arena.allocate(1);
            }
            assertThrows(IllegalStateException.class, () -> port.write(gone, 0, 1, to));
            port.write(AB, 1, 1, to);
            Loop.turns(reactor, 1);
            assertEquals(List.of("a", "b"), peer.received());
        }
    }

    /** The source of each datagram is the same view, which shows another address for each. */
    @Test
    void aViewIsCheckedAtEachWrite() throws Exception {
        try (var reactor = Reactor.open();
                var first = Peer.open(Loopback.IPV4);
                var second = Peer.open(Loopback.IPV4)) {
            var connected = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            connected.connect(first.address());
            var refused = new ArrayList<Class<?>>();
            var port = reactor.listenUdp(0, (datagram, transport) -> {
                try {
                    connected.write(new byte[]{'a'}, datagram.source());
                } catch (InvalidAddressException e) {
                    refused.add(e.getClass());
                }
            }, Loopback.IPV4.options());
            first.send(port, "1");
            second.send(port, "2");
            Loop.turns(reactor, 2);
            assertEquals(List.of("a"), first.received());
            assertEquals(List.of(InvalidAddressException.class), refused);
        }
    }
}
