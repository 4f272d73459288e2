package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.DatagramMetadata;
import dev.salvo.socket.Errno;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A protocol reads the metadata that its port was asked for, and no other. */
@Tag("loopback")
class PortMetadataTest {

    private static List<DatagramMetadata> told(PortSource source, Loopback family, PortOptions options)
            throws Exception {
        var told = new ArrayList<DatagramMetadata>();
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, (datagram, transport) -> told.add(datagram.metadata().copy()),
                    options);
            peer.send(port, "first", "second");
            Loop.turns(reactor, 2);
        }
        assertEquals(2, told.size());
        return told;
    }

    @EveryWay
    void whatWasAskedFor(PortSource source, Loopback family) throws Exception {
        var options = PortOptions.defaults()
                .withMetadata(Metadata.LOCAL_ADDRESS, Metadata.HOP_LIMIT, Metadata.RECEIVE_TIME);
        for (var metadata : told(source, family, options)) {
            assertEquals(family.address(0), metadata.localAddress());
            assertEquals(64, metadata.hopLimit());
            assertTrue(metadata.has(Metadata.RECEIVE_TIME));
            assertEquals(-1, metadata.trafficClass());
        }
    }

    @EveryWay
    void nothingElse(PortSource source, Loopback family) throws Exception {
        for (var metadata : told(source, family, PortOptions.defaults())) {
            assertEquals("metadata: none", metadata.toString());
        }
    }

    /** What was asked for is not done without: the port would wait for something that never comes. */
    @ParameterizedTest
    @CsvSource({"IPV4, 92", "IPV6, 92", "IPV4, 1"})
    void aPortIsNotOpenedIfTheKernelRefuses(Loopback family, int errno) throws Exception {
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

    /** A datagram that was kept has its metadata with it. */
    @EveryWay
    void copiesOfDatagramsKeepIt(PortSource source, Loopback family) throws Exception {
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
