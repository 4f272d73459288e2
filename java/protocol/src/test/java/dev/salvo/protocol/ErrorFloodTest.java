package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Traps 3, 4 and 5 for an unconnected port with errors enabled: dead destinations cost live ones no datagram, and the
 * loop sleeps once the error queue is drained. The socket keeps 256 errors and counts those that do not fit.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorFloodTest {

    private static final int IN_A_ROW = 256;

    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    /**
     * Sends a thousand datagrams a turn, half of them to a dead destination: twice as many errors as the socket keeps.
     * In every other turn each datagram is sent by a call of its own, so that it meets the error of the previous one.
     */
    @ParameterizedTest
    @EnumSource
    void datagramsToALiveDestinationAllArriveAmongErrors(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family);
        try (var reactor = Reactor.open();
                var live = Peer.open(family)) {
            var options = family.options().withErrors(true).withCoalescing(false);
            var port = reactor.listenUdp(0, protocol, options);
            var number = new int[1];
            var received = new ArrayList<String>();
            Call together = () -> {
                received.addAll(live.received());
                for (int i = 0; i < 500; i++) {
                    port.write(new byte[]{'d'}, dead);
                    port.write(Integer.toString(number[0]++).getBytes(ISO_8859_1), live.address());
                }
            };
            Call alone = () -> {
                received.addAll(live.received());
                for (int i = 0; i < 500; i++) {
                    port.write(new byte[]{'d'}, dead);
                    port.flush();
                    port.write(Integer.toString(number[0]++).getBytes(ISO_8859_1), live.address());
                    port.flush();
                }
            };
            Loop.phases(reactor, together, alone, together, alone, together, () -> {}, () -> {}, () -> {});

            received.addAll(live.received());
            assertEquals(IntStream.range(0, 2_500).mapToObj(Integer::toString).toList(), received);
            var socket = port.statistics().socket();
            assertEquals(5_000, socket.datagramsSent());
            assertEquals(0, socket.datagramsFailed());
            assertEquals(List.of(dead), protocol.errors.stream().map(SocketError::destination).distinct().toList());
            assertEquals(socket.errorQueueEntries(), socket.icmpErrors());
            assertEquals(socket.icmpErrors(), protocol.errors.size() + socket.icmpErrorsDropped());
            assertTrue(protocol.errors.size() >= IN_A_ROW, () -> "reported: " + protocol.errors.size());
        }
    }

    /** Errors are charged to the receive buffer too, but no received datagram is dropped for them. */
    @ParameterizedTest
    @EnumSource
    void datagramsFromAPeerAreReceivedDuringTheFlood(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family);
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            var sent = new ArrayList<String>();
            Call both = () -> {
                for (int i = 0; i < 1_000; i++) {
                    port.write(new byte[1], dead);
                    port.flush();
                }
                for (int i = 0; i < 20; i++) {
                    sent.add("from the peer " + sent.size());
                    peer.send(port, sent.getLast());
                }
            };
            Loop.phases(reactor, both, both, both, both, both, () -> {}, () -> {}, () -> {});
            assertEquals(sent, protocol.events.stream().filter(event -> event.startsWith("from")).toList());
            assertEquals(0, port.statistics().socket().kernelPacketDrops());
        }
    }

    /** Records the number of events of each poll: after the poll that drains the queue, the next one reports none. */
    @ParameterizedTest
    @EnumSource
    void onePollReportsTheErrorsAndTheNextNothing(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family);
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor()) {
            var port = faulty.listen(protocol, family.options().withErrors(true).withCoalescing(false));
            var events = new ArrayList<Long>();
            faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
                events.add(call.passOn());
                return events.getLast();
            });
            Call hundred = () -> {
                for (int i = 0; i < 100; i++) {
                    port.write(new byte[1], dead);
                }
            };
            faulty.phases(hundred, () -> {}, () -> {}, hundred, () -> {}, () -> {});
            assertEquals(List.of(1L, 0L, 0L, 1L, 0L), events.subList(0, 5));
            assertEquals(200, protocol.errors.size());
            assertEquals(200, port.statistics().socket().icmpErrors());
            assertEquals(List.of(), log.lines());
        }
    }

    /** A protocol that answers each error with writes that cause more errors does not block the loop. */
    @ParameterizedTest
    @EnumSource
    void errorsThatCauseErrorsAreLimitedPerTurn(Loopback family) throws Exception {
        var dead = dead(family);
        var rows = new ArrayList<Integer>(List.of(0));
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) {
                rows.set(rows.size() - 1, rows.getLast() + 1);
                transport.write(new byte[1], dead);
                transport.flush();
                transport.write(new byte[1], dead);
                transport.flush();
            }
        };
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            var phases = new Call[10];
            Arrays.fill(phases, (Call) () -> rows.add(0));
            phases[0] = () -> port.write(new byte[1], dead);
            Loop.phases(reactor, phases);
            // A turn flushes what was written in the previous one, and then serves the events of the poll.
            assertTrue(rows.stream().allMatch(row -> row <= 2 * IN_A_ROW), rows::toString);
            assertTrue(rows.stream().anyMatch(row -> row > 0), rows::toString);
            assertEquals(10, rows.size());
        }
    }
}
