package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In whatever form a payload is given, write copies its bytes before it returns. */
@Tag("loopback")
class WriteFormsTest {

    @ParameterizedTest
    @EnumSource
    void everyFormOfPayloadIsSent(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family);
                var arena = Arena.ofConfined()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var array = "array".getBytes(ISO_8859_1);
            var heap = ByteBuffer.wrap("..heap buffer..".getBytes(ISO_8859_1), 2, 11);
            var direct = ByteBuffer.allocateDirect(20).put("direct buffer".getBytes(ISO_8859_1)).flip();
            var segment = arena.allocateFrom("..native segment..");
            port.write(array, peer.address());
            port.write(array, peer.address().toInetSocketAddress());
            port.write(heap, peer.address());
            port.write(direct, peer.address());
            port.write(direct.asReadOnlyBuffer(), peer.address());
            port.write(segment, 2, 14, peer.address());
            port.write(MemorySegment.ofArray(array), 1, 3, peer.address());
            array[0] = '!';
            segment.fill((byte) '!');
            assertEquals(2, heap.position());
            assertEquals(13, direct.remaining());
            Loop.turns(reactor, 1);
            assertEquals(
                    List.of("array", "array", "heap buffer", "direct buffer", "direct buffer", "native segment", "rra"),
                    peer.receive(7));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceivedDatagramAndItsCopyCanBeWritten(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var kept = new ArrayList<Datagram>();
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        transport.write(datagram, datagram.source());
                        transport.write(datagram, datagram.source());
                        transport.flush();
                        kept.add(datagram.copy());
                        reactor.callLater(Duration.ZERO, () -> {
                            transport.write(kept.getFirst(), kept.getFirst().source());
                            transport.write(kept.getFirst(), kept.getFirst().source());
                            transport.flush();
                            reactor.stop();
                        });
                    },
                    family.options());
            peer.send(port, "hello");
            Loop.run(reactor);
            assertEquals(List.of("hello", "hello", "hello", "hello"), peer.receive(4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnresolvedAddressIsRefused(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            var unresolved = InetSocketAddress.createUnresolved("localhost", 9);
            assertThrows(IllegalArgumentException.class, () -> port.write(new byte[1], unresolved));
        }
    }
}
