package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.internal.Syscall;
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
 * Traps 3, 4 and 5 of an unconnected port that asked for errors: what is dead costs what is live nothing, and the loop
 * sleeps when it is drained. The socket keeps 256 errors, and counts those that it has no room for.
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
     * A thousand a turn, half of them dead: twice as many errors as are kept. In every other turn each goes out alone,
     * so that the error of the one before fails it.
     */
    @ParameterizedTest
    @EnumSource
    void ofFiveThousandInTurnAllThatAreLiveArrive(Loopback family) throws Exception {
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
                    port.writeNow(new byte[]{'d'}, dead);
                    port.writeNow(Integer.toString(number[0]++).getBytes(ISO_8859_1), live.address());
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
            assertTrue(protocol.errors.size() >= IN_A_ROW, () -> "told: " + protocol.errors.size());
        }
    }

    /** What comes in is not dropped for errors, which are charged to the same buffer. */
    @ParameterizedTest
    @EnumSource
    void whatAPeerSendsMeanwhileIsReceived(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family);
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            var sent = new ArrayList<String>();
            Call both = () -> {
                for (int i = 0; i < 1_000; i++) {
                    port.writeNow(new byte[1], dead);
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

    /** Each poll tells how many events there are: after the one that drains there is none. */
    @ParameterizedTest
    @EnumSource
    void onePollTellsAndTheNextFindsNothing(Loopback family) throws Exception {
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

    /** A protocol that answers each error with more of the kind does not keep the loop from anything else. */
    @ParameterizedTest
    @EnumSource
    void errorsThatBringErrorsAreToldSoManyInARow(Loopback family) throws Exception {
        var dead = dead(family);
        var rows = new ArrayList<Integer>(List.of(0));
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) {
                rows.set(rows.size() - 1, rows.getLast() + 1);
                transport.writeNow(new byte[1], dead);
                transport.writeNow(new byte[1], dead);
            }
        };
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            var phases = new Call[10];
            Arrays.fill(phases, (Call) () -> rows.add(0));
            phases[0] = () -> port.write(new byte[1], dead);
            Loop.phases(reactor, phases);
            // A turn flushes what was written in the one before, and then serves what the poll tells.
            assertTrue(rows.stream().allMatch(row -> row <= 2 * IN_A_ROW), rows::toString);
            assertTrue(rows.stream().anyMatch(row -> row > 0), rows::toString);
            assertEquals(10, rows.size());
        }
    }
}
