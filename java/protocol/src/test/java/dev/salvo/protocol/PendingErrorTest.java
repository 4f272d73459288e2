package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Traps 4 and 5: an ICMP error without data is a bare EPOLLERR, which epoll reports for as long as the error queue
 * holds an entry. The queue has to be drained, and the port must stay open: Twisted's poll and epoll reactors close it
 * (its issue 5377).
 */
@Tag("loopback")
class PendingErrorTest {

    /** A local address on which no socket listens any more. */
    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    private static void reportErrors(DatagramTransport port, Loopback family) throws IOException {
        port.socket().set(family == Loopback.IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR, true);
    }

    /**
     * Records the number of events of each poll: every poll reports an error that is not drained. On loopback ICMP
     * arrives at once. The last poll reports the stop.
     */
    private static List<Long> countEvents(FaultyReactor faulty) {
        var events = new ArrayList<Long>();
        faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
            events.add(call.passOn());
            return events.getLast();
        });
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void theErrorQueueIsDrainedAndThePortStaysOpen(Loopback family) throws Exception {
        var protocol = new Recorder();
        var dead = dead(family);
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(family)) {
            var port = faulty.listen(protocol, family.options());
            reportErrors(port, family);
            var events = countEvents(faulty);
            faulty.phases(
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            port.write(new byte[i + 1], dead);
                            port.flush();
                        }
                    },
                    () -> {},
                    () -> peer.send(port, "alive"),
                    () -> {},
                    () -> {});
            assertEquals(List.of(1L, 0L, 1L, 0L), events.subList(0, 4));
            assertEquals(5, port.statistics().socket().errorQueueEntries());
            assertEquals(List.of(), log.lines());
            assertEquals(List.of("start", "alive", "stop"), protocol.events);
        }
    }

    /** Without IP_RECVERR the error queue is empty, and only SO_ERROR has to be cleared. */
    @ParameterizedTest
    @EnumSource
    void aConnectedPortStaysOpen(Loopback family) throws Exception {
        var protocol = new Recorder();
        var dead = dead(family);
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor()) {
            var port = faulty.listen(protocol, family.options());
            port.socket().connect(dead);
            var events = countEvents(faulty);
            faulty.phases(
                    () -> {
                        port.write(new byte[1], dead);
                        port.flush();
                    },
                    () -> {},
                    () -> {
                        port.socket().connect(port.localAddress());
                        port.write(new byte[]{'a'}, port.localAddress());
                        port.flush();
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of(1L, 0L, 1L, 0L), events.subList(0, 4));
            assertEquals(List.of(), log.lines());
            assertEquals(List.of("start", "a", "stop"), protocol.events);
        }
    }

    /** An error and data at once: the data is received in the same turn. */
    @ParameterizedTest
    @EnumSource
    void dataBesideTheErrorIsReceived(Loopback family) throws Exception {
        var protocol = new Recorder();
        var dead = dead(family);
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(family)) {
            var port = faulty.listen(protocol, family.options());
            reportErrors(port, family);
            var events = countEvents(faulty);
            faulty.phases(
                    () -> {
                        peer.send(port, "a", "b");
                        port.write(new byte[1], dead);
                        port.flush();
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of(1L, 0L), events.subList(0, 2));
            assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
        }
    }

    /**
     * Dead and live destinations in one batch. Trap 3: a pending error hits the next send, whatever its destination.
     */
    @ParameterizedTest
    @EnumSource
    void liveDestinationsLoseNothing(Loopback family) throws Exception {
        var dead = dead(family);
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options().withCoalescing(false));
            reportErrors(port, family);
            Call both = () -> {
                for (int i = 0; i < 50; i++) {
                    port.write(new byte[]{'d'}, dead);
                    port.write(new byte[]{'l'}, peer.address());
                }
            };
            Loop.phases(reactor, both, both, both, () -> {});
            assertEquals(150, peer.received().size());
        }
    }
}
