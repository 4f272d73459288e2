package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.internal.Syscall;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Traps 4 and 5: an ICMP error without data is a bare EPOLLERR, told for as long as the error queue holds anything. It
 * has to be drained, and is no reason to close the port: Twisted's poll and epoll reactors do (its issue 5377).
 */
@Tag("loopback")
class PendingErrorTest {

    /** An address of this host where nobody listens any more. */
    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    private static void reportErrors(DatagramTransport port, Loopback family) throws IOException {
        port.socket().set(family == Loopback.IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR, true);
    }

    /**
     * How many events each poll told: an error that is not drained is told by every one. On loopback ICMP comes at
     * once. The last poll tells of the stop.
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
    void theErrorQueueIsDrainedAndThePortLives(Loopback family) throws Exception {
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
                            port.writeNow(new byte[i + 1], dead);
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

    /** Without IP_RECVERR there is nothing on the queue, and SO_ERROR alone to clear. */
    @ParameterizedTest
    @EnumSource
    void aConnectedPortLivesToo(Loopback family) throws Exception {
        var protocol = new Recorder();
        var dead = dead(family);
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor()) {
            var port = faulty.listen(protocol, family.options());
            port.socket().connect(dead);
            var events = countEvents(faulty);
            faulty.phases(
                    () -> port.writeNow(new byte[1], dead),
                    () -> {},
                    () -> {
                        port.socket().connect(port.localAddress());
                        port.writeNow(new byte[]{'a'}, port.localAddress());
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
                        port.writeNow(new byte[1], dead);
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of(1L, 0L), events.subList(0, 2));
            assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
        }
    }

    /** Dead and live destinations in one batch: trap 3, a pending error hits the next send, whosever it is. */
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
