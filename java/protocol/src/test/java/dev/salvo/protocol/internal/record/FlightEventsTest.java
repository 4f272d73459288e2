package dev.salvo.protocol.internal.record;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Flight;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.protocol.Recorder;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.option.SocketLevelOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The events of ports and of the loop in a flight recording: docs/observability.md. */
@Tag("loopback")
@Timeout(60)
class FlightEventsTest {

    /** A slow protocol: it keeps the CPU busy for as many milliseconds as the datagram has bytes. */
    private static final class Slow extends Recorder {

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            burn(datagram.length());
        }
    }

    private static void burn(int millis) {
        var until = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static Duration of(RecordedEvent event, String field) {
        return event.getDuration(field);
    }

    @Test
    void aSlowTurnIsRecordedWithItsCause() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4);
                var flight = new Flight()) {
            var slow = reactor.listenUdp(0, new Slow(), Loopback.IPV4.options());
            var quick = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            Loop.phases(reactor, () -> {}, () -> {
                peer.send(quick, "a");
                peer.send(slow, "x".repeat(50));
            }, () -> {}, () -> burn(30), () -> {});
            var stalls = flight.stop("salvo.LoopStall").stream()
                    .filter(stall -> of(stall, "calls").toMillis() >= 30 || of(stall, "ports").toMillis() >= 50)
                    .toList();
            assertEquals(2, stalls.size(), stalls::toString);
            var callback = stalls.getFirst();
            assertEquals(2, callback.getInt("events"));
            assertTrue(callback.getDuration().compareTo(of(callback, "ports")) >= 0, callback::toString);
            assertTrue(of(callback, "slowest").toMillis() >= 50, callback::toString);
            assertEquals("Slow on " + slow.localAddress().port(), callback.getString("slowestPort"));
            assertTrue(of(stalls.getLast(), "calls").toMillis() >= 30, stalls::toString);
            assertEquals(0, stalls.getLast().getInt("events"));
        }
    }

    /** A turn that serves its ports in time is no stall, however many turns there are in a second. */
    @Test
    void waitingForDatagramsIsNoStall() throws Exception {
        try (var reactor = Reactor.open();
                var flight = new Flight()) {
            reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            reactor.callLater(Duration.ofMillis(200), reactor::stop);
            Loop.run(reactor);
            var stalls = flight.stop("salvo.LoopStall");
            assertEquals(
                    List.of(),
                    stalls.stream().filter(stall -> stall.getDuration().toMillis() >= 190).toList());
        }
    }

    private static Map<String, Long> counts(List<RecordedEvent> events, DatagramTransport port) {
        return events.stream()
                .filter(event -> event.getInt("port") == port.localAddress().port())
                .collect(Collectors.toMap(event -> event.getString("reason"), event -> event.getLong("count")));
    }

    @Test
    void dropsOfTheSendQueueAreRecorded() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4);
                var flight = new Flight()) {
            var options = Loopback.IPV4.options().withCoalescing(false).withSendQueueBytes(1_000);
            var dropping = faulty.listen(new Recorder(), options.withOverflow(Overflow.DROP_OLDEST));
            var refusing = faulty.listen(new Recorder(), options);
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            for (int i = 0; i < 25; i++) {
                dropping.write(new byte[36], peer.address());
                dropping.flush();
                refusing.write(new byte[36], peer.address());
                refusing.flush();
            }
            faulty.turns(1);
            var drops = flight.stop("salvo.Drop");
            assertEquals(Map.of("SEND_OVERFLOW", 15L, "SEND_CLOSED", 10L), counts(drops, dropping));
            assertEquals(Map.of("SEND_REFUSED", 15L, "SEND_CLOSED", 10L), counts(drops, refusing));
        }
    }

    @Test
    void dropsOfTheKernelAreRecorded() throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4);
                var flight = new Flight()) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            port.socket().set(SocketLevelOptions.RCVBUF, 0);
            for (int i = 0; i < 100; i++) {
                peer.send(port.localAddress(), "much".getBytes(ISO_8859_1));
            }
            Loop.turns(reactor, 1);
            var drops = port.statistics().socket().kernelPacketDrops();
            assertTrue(drops > 0, "nothing was dropped");
            assertEquals(Map.of("KERNEL", drops), counts(flight.stop("salvo.Drop"), port));
        }
    }
}
