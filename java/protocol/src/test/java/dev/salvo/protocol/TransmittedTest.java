package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.TransmitTimestamp;
import dev.salvo.testing.Needs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A port that enables transmit timestamps is notified when its datagrams have left. On loopback that is when the flush
 * ends.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransmittedTest {

    @BeforeAll
    static void theKernelHasIds() throws SyscallException {
        Needs.transmitTimestamps();
    }

    private static final int IN_A_ROW = 256;

    /** Records the ids, and the errors. */
    private static class Stamped extends ErrorRecorder {

        final List<Integer> ids = new ArrayList<>();

        @Override
        public void startProtocol(DatagramTransport transport) throws Exception {
            TransmitTimestamp.enable(transport.socket());
        }

        @Override
        public void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) {
            ids.add(timestamp.id());
        }
    }

    private static void write(DatagramTransport port, SockAddr to, int id) {
        var payload = Integer.toString(id).getBytes(ISO_8859_1);
        port.write(MemorySegment.ofArray(payload), 0, payload.length, to, new SendOptions().transmitTimestamp(id));
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource
    void eachDatagramWithAnIdIsReportedOnce(Loopback family) throws Exception {
        var protocol = new Stamped();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            write(port, peer.address(), i);
                            port.write("plain".getBytes(ISO_8859_1), peer.address());
                        }
                    },
                    () -> {},
                    () -> {});
            assertEquals(upTo(100), protocol.ids);
            assertEquals(200, peer.received().size());
        }
    }

    /** Datagrams without an id are joined, and nothing is reported for them. */
    @ParameterizedTest
    @EnumSource
    void datagramsWithoutAnIdAreNotReported(Loopback family) throws Exception {
        var protocol = new Stamped();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> {
                        for (int i = 0; i < 64; i++) {
                            port.write("plain".getBytes(ISO_8859_1), peer.address());
                        }
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of(), protocol.ids);
            assertEquals(1, port.statistics().socket().messagesSent());
            assertEquals(0, port.statistics().socket().errorQueueEntries());
        }
    }

    @ParameterizedTest
    @EnumSource
    void transmittedIsNeverCalledInsideAWriteAndErrorsStillArrive(Loopback family) throws Exception {
        var inside = new boolean[1];
        var where = new ArrayList<Boolean>();
        var protocol = new Stamped() {
            @Override
            public void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) {
                super.transmitted(timestamp, transport);
                where.add(inside[0]);
            }
        };
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        inside[0] = true;
                        for (int i = 0; i < 10; i++) {
                            write(port, dead, i);
                            port.write("now".getBytes(ISO_8859_1), dead);
                            port.flush();
                        }
                        inside[0] = false;
                    },
                    () -> {},
                    () -> {});
            assertEquals(upTo(10), protocol.ids);
            assertEquals(List.of(false), where.stream().distinct().toList());
            assertEquals(20, protocol.errors.size());
        }
    }

    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionInTransmittedIsLoggedAndCounted(Loopback family) throws Exception {
        var protocol = new Stamped() {
            @Override
            public void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) {
                super.transmitted(timestamp, transport);
                throw new IllegalStateException("of transmitted");
            }
        };
        try (var log = CapturedLog.open();
                var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> {
                        write(port, peer.address(), 0);
                        write(port, peer.address(), 1);
                    },
                    () -> {},
                    () -> {});
            assertEquals(upTo(2), protocol.ids);
            assertEquals(2, port.statistics().callbackFailures());
            assertEquals(2, log.lines().size());
        }
    }

    /** A protocol that answers each timestamp with writes that cause more timestamps does not block the loop. */
    @ParameterizedTest
    @EnumSource
    void timestampsThatCauseTimestampsAreLimitedPerTurn(Loopback family) throws Exception {
        var rows = new ArrayList<Integer>(List.of(0));
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var protocol = new Stamped() {
                @Override
                public void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) {
                    rows.set(rows.size() - 1, rows.getLast() + 1);
                    var options = new SendOptions().transmitTimestamp(0);
                    transport.write(MemorySegment.ofArray(new byte[1]), 0, 1, peer.address(), options);
                    transport.flush();
                    transport.write(MemorySegment.ofArray(new byte[1]), 0, 1, peer.address(), options);
                    transport.flush();
                }
            };
            var port = reactor.listenUdp(0, protocol, family.options());
            var phases = new Call[10];
            Arrays.fill(phases, (Call) () -> rows.add(0));
            phases[0] = () -> write(port, peer.address(), 0);
            Loop.phases(reactor, phases);
            // A turn flushes what was written in the previous one, and then serves the events of the poll.
            assertTrue(rows.stream().allMatch(row -> row <= 2 * IN_A_ROW), rows::toString);
            assertTrue(rows.stream().anyMatch(row -> row > 0), rows::toString);
            assertEquals(10, rows.size());
        }
    }

    /** Sends five times as many timestamped datagrams as the socket keeps timestamps, while a peer sends too. */
    @ParameterizedTest
    @EnumSource
    void aTimestampFloodIsCountedAndPeerDatagramsAreReceived(Loopback family) throws Exception {
        var protocol = new Stamped();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            var sent = new ArrayList<String>();
            Call both = () -> {
                for (int i = 0; i < 1_280; i++) {
                    write(port, peer.address(), i);
                }
                for (int i = 0; i < 20; i++) {
                    sent.add("from the peer " + sent.size());
                    peer.send(port, sent.getLast());
                }
            };
            Loop.phases(reactor, both, both, both, () -> {}, () -> {}, () -> {});
            assertEquals(sent, protocol.events.stream().filter(event -> event.startsWith("from")).toList());
            var socket = port.statistics().socket();
            assertEquals(0, socket.kernelPacketDrops());
            assertEquals(3 * 1_280, socket.errorQueueEntries());
            assertEquals(3 * 1_280, protocol.ids.size() + socket.timestampsDropped());
            assertTrue(protocol.ids.size() >= IN_A_ROW, () -> "reported: " + protocol.ids.size());
        }
    }

    /** The port is closed in the next turn, so timestamps that have been read by then are reported. */
    @ParameterizedTest
    @EnumSource
    void aPortStoppedInTransmittedIsClosed(Loopback family) throws Exception {
        var protocol = new Stamped() {
            @Override
            public void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) {
                super.transmitted(timestamp, transport);
                transport.stopListening();
            }
        };
        try (var log = CapturedLog.open();
                var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(reactor, () -> {
                write(port, peer.address(), 0);
                write(port, peer.address(), 1);
            }, () -> {}, () -> {});
            assertEquals(upTo(2), protocol.ids);
            assertEquals(List.of("stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }
}
