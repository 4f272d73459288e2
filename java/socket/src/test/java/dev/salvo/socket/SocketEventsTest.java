package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Flight;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.io.IOException;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** The events of a socket in a flight recording: docs/observability.md. */
@OnLoopback
record SocketEventsTest(Loopback loopback) {

    /** Selects this socket's events, since the JVM of the tests may record those of others. */
    private static List<RecordedEvent> of(UdpSocket socket, List<RecordedEvent> events) throws SyscallException {
        var port = socket.localAddress().port();
        return events.stream().filter(event -> event.getInt("port") == port).toList();
    }

    @Test
    void aReceiveIsOneEvent() throws IOException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            // This loads the class of the event before the recording starts.
            pair.add("before").send();
            pair.receive(1);
            try (var flight = new Flight("salvo.Receive")) {
                pair.add(10, 100).add("short").send();
                pair.add("", "alone").send();
                pair.receive(13);
                assertEquals(0, pair.receiver.receive(pair.in));
                var events = of(pair.receiver, flight.stop("salvo.Receive"));
                assertEquals(1, events.size());
                assertEquals(3, events.getFirst().getInt("messages"));
                assertEquals(13, events.getFirst().getLong("datagrams"));
                assertEquals(1010, events.getFirst().getLong("bytes"));
            }
        }
    }

    @Test
    void aReceiveDoesNotCountTruncatedBytes() throws IOException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(4, 250);
                var flight = new Flight("salvo.Receive")) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add(10, 100).send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(1, pair.receiver.receive(small));
            var events = of(pair.receiver, flight.stop("salvo.Receive"));
            assertEquals(3, events.getFirst().getLong("datagrams"));
            assertEquals(250, events.getFirst().getLong("bytes"));
        }
    }

    @Test
    void aFlushIsOneEvent() throws IOException {
        try (var pair = new Pair(loopback)) {
            try (var flight = new Flight("salvo.Flush")) {
                pair.add(10, 100);
                Traffic.add(pair.out, loopback.address(0), "lost");
                pair.add("", "alone").send();
                pair.send();
                var events = of(pair.sender, flight.stop("salvo.Flush"));
                assertEquals(1, events.size());
                assertEquals(12, events.getFirst().getLong("datagrams"));
                assertEquals(3, events.getFirst().getLong("messages"));
                assertEquals(1005, events.getFirst().getLong("bytes"));
                assertEquals(pair.sender.statistics().sendCalls(), events.getFirst().getLong("calls"));
                assertNull(events.getFirst().getString("stoppedBy"));
            }
        }
    }

    @Test
    void aFlushReportsWhatStoppedIt() throws IOException {
        try (var sender = new ScriptedSender();
                var flight = new Flight("salvo.Flush")) {
            sender.add(A, "aa", "b", "");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));
            sender.send();
            var events = flight.stop("salvo.Flush");
            assertEquals("EAGAIN", events.getFirst().getString("stoppedBy"));
            assertEquals(2, events.getFirst().getLong("datagrams"));
        }
    }

    @Test
    void aRefusedJoinedMessageIsRecordedByDefault() throws IOException {
        try (var pair = new Pair(loopback);
                var flight = new Flight()) {
            var portZero = loopback.address(0);
            Traffic.add(pair.out, portZero, "aaaa", "bbbb", "c");
            pair.send();
            var events = flight.stop("salvo.CoalescingFallback");
            assertEquals(1, events.size());
            assertEquals(portZero.toString(), events.getFirst().getString("destination"));
            assertEquals("EINVAL", events.getFirst().getString("errno"));
            assertEquals(4, events.getFirst().getInt("segmentSize"));
            assertEquals(3, events.getFirst().getInt("datagrams"));
        }
    }

    @Test
    void anIcmpErrorIsRecordedByDefault() throws IOException {
        try (var socket = loopback.bound();
                var dead = loopback.dead();
                var out = SendBatch.open();
                var flight = new Flight()) {
            socket.set(loopback.recvErr(), true);
            Traffic.add(out, dead.localAddress(), "to nobody");
            socket.send(out);
            socket.drainErrors();
            var events = flight.stop("salvo.ErrorQueueEntry");
            assertEquals(1, events.size());
            assertEquals("ECONNREFUSED", events.getFirst().getString("errno"));
            assertEquals(loopback == Loopback.IPV4 ? "ICMP" : "ICMPV6", events.getFirst().getString("origin"));
            assertEquals(loopback == Loopback.IPV4 ? 3 : 1, events.getFirst().getInt("type"));
            assertEquals(loopback == Loopback.IPV4 ? 3 : 4, events.getFirst().getInt("code"));
            assertEquals(dead.localAddress().toString(), events.getFirst().getString("destination"));
            assertEquals(loopback.address(0).toString(), events.getFirst().getString("offender"));
        }
    }

    @Test
    void batchesAreNotRecordedByDefault() throws IOException {
        try (var pair = new Pair(loopback);
                var flight = new Flight()) {
            pair.add("a").send();
            pair.receive(1);
            assertEquals(List.of(), flight.stop("salvo.Receive"));
        }
    }
}
