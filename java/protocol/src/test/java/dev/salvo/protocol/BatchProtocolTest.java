package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.testing.Needs;
import dev.salvo.socket.Datagram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A batch protocol receives the datagrams of one receive call as a batch, which is valid until its callback returns.
 * Datagrams that it does not take are counted.
 */
class BatchProtocolTest {

    /** Takes up to {@code most} datagrams of each batch and records them. */
    private static class Taker implements BatchProtocol {
        final List<List<String>> batches = new ArrayList<>();
        final List<DatagramBatch> given = new ArrayList<>();
        final int most;

        Taker(int most) {
            this.most = most;
        }

        @Override
        public void batchReceived(DatagramBatch batch, DatagramTransport transport) throws Exception {
            var taken = new ArrayList<String>();
            given.add(batch);
            batches.add(taken);
            while (taken.size() < most) {
                var datagram = batch.next();
                if (datagram == null) {
                    assertNull(batch.next(), "a datagram after the end of the batch");
                    return;
                }
                taken.add(Recorder.text(datagram));
            }
        }
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @EveryWay
    @Tag("loopback")
    void aBatchHoldsTheDatagramsOfOneReceiveCall(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1000);
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            peer.send(port, numbers(100));
            Loop.turns(reactor, 1);
            assertEquals(List.of(64, 36), protocol.batches.stream().map(List::size).toList());
            assertEquals(List.of(numbers(100)), protocol.batches.stream().flatMap(List::stream).toList());
            assertEquals(2, port.statistics().socket().receiveCalls());
            assertEquals(0, port.statistics().datagramsNotTaken());
        }
    }

    /** Coalesced datagrams are delivered as the single datagrams that were sent. */
    @EveryWay
    @Tag("loopback")
    void coalescedDatagramsAreDeliveredOneByOne(PortSource source, Loopback family) throws Exception {
        Needs.joiningOnLoopback();
        var protocol = new Taker(1000);
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol);
            var sender = source.open(reactor, family, new Recorder());
            for (int i = 0; i < 200; i++) {
                sender.write(new byte[]{'x', 'y'}, port.localAddress());
            }
            Loop.turns(reactor, 2);
            var expected = source == PortSource.LISTENED ? List.of(200) : List.of(64, 64, 64, 8);
            assertEquals(expected, protocol.batches.stream().map(List::size).toList());
        }
    }

    @EveryWay
    @Tag("loopback")
    void datagramsNotTakenAreCountedAndDiscarded(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(3);
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            Loop.phases(reactor, () -> peer.send(port, numbers(10)), () -> peer.send(port, "next"));
            assertEquals(List.of(List.of("0", "1", "2"), List.of("next")), protocol.batches);
            assertEquals(7, port.statistics().datagramsNotTaken());
            assertEquals(11, port.statistics().socket().datagramsReceived());
        }
    }

    @EveryWay
    @Tag("loopback")
    void anExceptionIsLoggedAndTheRestIsNotTaken(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1) {
            @Override
            public void batchReceived(DatagramBatch batch, DatagramTransport transport) throws Exception {
                super.batchReceived(batch, transport);
                throw new IOException("disk full");
            }

            @Override
            public String logPrefix() {
                return "Writer";
            }
        };
        try (var log = CapturedLog.open(); var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            Loop.phases(reactor, () -> peer.send(port, "a", "b", "c"), () -> peer.send(port, "d"));
            assertEquals(List.of(List.of("a"), List.of("d")), protocol.batches);
            var line = "batchReceived of Writer (UDP) on " + port.localAddress() + ": java.io.IOException: disk full";
            assertEquals(List.of(line, line), log.lines());
            assertEquals(2, port.statistics().datagramsNotTaken());
            assertEquals(2, port.statistics().callbackFailures());
        }
    }

    @EveryWay
    @Tag("loopback")
    void aBatchIsInvalidAfterItsCallback(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1);
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            Loop.phases(
                    reactor,
                    () -> peer.send(port, "a", "b"),
                    () -> assertThrows(IllegalStateException.class, () -> protocol.given.getFirst().next()));
            assertEquals(1, port.statistics().datagramsNotTaken());
            assertThrows(IllegalStateException.class, () -> protocol.given.getFirst().next());
        }
    }

    @EveryWay
    @Tag("loopback")
    void aConnectedPortsBatchOmitsStrangers(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1000);
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var stranger = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            stranger.send(port, "s");
            peer.send(port, "p");
            stranger.send(port, "s", "s");
            peer.send(port, "q");
            stranger.send(port, "s");
            port.connect(peer.address());
            Loop.turns(reactor, 1);
            assertEquals(List.of(List.of("p", "q")), protocol.batches);
            assertEquals(4, port.statistics().datagramsFromStrangers());
            assertEquals(0, port.statistics().datagramsNotTaken());
        }
    }

    /** Strangers are counted as strangers even if the protocol takes nothing from the batch. */
    @EveryWay
    @Tag("loopback")
    void aBatchOfStrangersOnlyIsEmpty(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1000);
        var untouched = new Taker(0);
        try (var reactor = Reactor.open(); var peer = Peer.open(family); var stranger = Peer.open(family)) {
            var ports = new ArrayList<DatagramTransport>();
            for (var each : List.of(protocol, untouched)) {
                var port = source.open(reactor, family, each);
                ports.add(port);
                stranger.send(port, "s", "s");
                port.connect(peer.address());
            }
            Loop.turns(reactor, 1);
            for (var port : ports) {
                assertEquals(2, port.statistics().datagramsFromStrangers());
                assertEquals(0, port.statistics().datagramsNotTaken());
            }
            assertEquals(List.of(List.of()), protocol.batches);
            assertEquals(List.of(List.of()), untouched.batches);
        }
    }

    @EveryWay
    @Tag("fault")
    void batchReceivedIsNotCalledWithoutDatagrams(PortSource source, Loopback family) throws Exception {
        var protocol = new Taker(1000);
        try (var faulty = new FaultyReactor(); var peer = Peer.open(family)) {
            var port = faulty.kernel.open(() -> source.open(faulty.reactor, family, protocol));
            faulty.kernel.next(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN), Answer.error(Errno.ECONNREFUSED));
            faulty.phases(() -> peer.send(port, "a"), () -> {}, () -> {});
            assertEquals(List.of(List.of("a")), protocol.batches);
        }
    }

    @EveryWay
    @Tag("loopback")
    void batchWritesAreSentAndAStopEndsAfterTheBatch(PortSource source, Loopback family) throws Exception {
        BatchProtocol protocol = (batch, transport) -> {
            for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                transport.write(datagram, datagram.source());
            }
            transport.stopListening();
        };
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = source.open(reactor, family, protocol);
            peer.send(port, numbers(100));
            Loop.turns(reactor, 2);
            assertEquals(List.of(numbers(64)), peer.received());
        }
    }

    @Test
    @Tag("loopback")
    void oneDatagramIsABatchOfOne() throws Exception {
        var datagram = Datagram.of(new byte[]{'a'}, Loopback.IPV4.address(9));
        var seen = new ArrayList<Datagram>();
        BatchProtocol protocol = (batch, transport) -> {
            seen.add(Objects.requireNonNull(batch.next()));
            assertNull(batch.next());
            assertNull(batch.next());
        };
        try (var reactor = Reactor.open()) {
            protocol.datagramReceived(datagram, reactor.listenUdp(0, new Recorder()));
        }
        assertEquals(1, seen.size());
        assertSame(datagram, seen.getFirst());
    }
}
