package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.DatagramMetadata;
import dev.salvo.socket.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A protocol reads exactly the metadata that the options of its port ask for. */
@Tag("loopback")
class PortMetadataTest {

    private static List<DatagramMetadata> received(PortSource source, Loopback family, PortOptions options)
            throws Exception {
        var received = new ArrayList<DatagramMetadata>();
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, (datagram, transport) -> received.add(datagram.metadata().copy()),
                    options);
            peer.send(port, "first", "second");
            Loop.turns(reactor, 2);
        }
        assertEquals(2, received.size());
        return received;
    }

    @EveryWay
    void requestedMetadataIsDelivered(PortSource source, Loopback family) throws Exception {
        var options = PortOptions.defaults()
                .withMetadata(Metadata.LOCAL_ADDRESS, Metadata.HOP_LIMIT, Metadata.RECEIVE_TIME);
        for (var metadata : received(source, family, options)) {
            assertEquals(family.address(0), metadata.localAddress());
            assertEquals(64, metadata.hopLimit());
            assertTrue(metadata.has(Metadata.RECEIVE_TIME));
            assertEquals(-1, metadata.trafficClass());
        }
    }

    @EveryWay
    void withoutARequestThereIsNoMetadata(PortSource source, Loopback family) throws Exception {
        for (var metadata : received(source, family, PortOptions.defaults())) {
            assertEquals("metadata: none", metadata.toString());
        }
    }

    /** A port is not opened without metadata that it asks for: it would wait for it in vain. */
    @ParameterizedTest
    @CsvSource({"IPV4, 92", "IPV6, 92", "IPV4, 1"})
    void aPortIsNotOpenedIfTheKernelRefusesMetadata(Loopback family, int errno) throws Exception {
        var protocol = new Recorder();
        try (var faulty = new FaultyReactor()) {
            Answer refused = call -> call.number(2) == Linux.SO_RXQ_OVFL() ? -errno : call.passOn();
            faulty.kernel.always(Syscall.SETSOCKOPT, refused);
            var options = family.options().withMetadata(Metadata.PACKET_DROPS, Metadata.HOP_LIMIT);
            var e = assertThrows(CannotListenException.class, () -> faulty.listen(protocol, options));
            var cause = assertInstanceOf(SyscallException.class, e.getCause());
            assertEquals(errno, cause.errno());
            assertTrue(String.valueOf(e.getMessage()).contains("setsockopt SO_RXQ_OVFL: " + Errno.name(errno)),
                    e::toString);
        }
        assertEquals(List.of(), protocol.events);
    }

    /** A copy of a datagram keeps its metadata. */
    @EveryWay
    void aCopiedDatagramKeepsItsMetadata(PortSource source, Loopback family) throws Exception {
        var kept = new ArrayList<Datagram>();
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, (datagram, transport) -> kept.add(datagram.copy()),
                    PortOptions.defaults().withMetadata(Metadata.HOP_LIMIT));
            peer.send(port, "keep");
            Loop.turns(reactor, 2);
        }
        assertEquals(64, kept.getFirst().metadata().hopLimit());
    }
}
