package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.observe.Counters;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import org.junit.jupiter.api.Test;

/** A socket counts its calls, messages, datagrams and bytes, in each direction. */
@OnLoopback
record StatisticsTest(Loopback loopback) {

    private static SocketStatistics nothing() {
        return SocketStatistics.of(new Counters(), 0);
    }

    @Test
    void aNewSocketHasDoneNothing() throws SyscallException {
        try (var socket = loopback.bound()) {
            assertEquals(nothing(), socket.statistics());
        }
    }

    @Test
    void sentDatagramsAreCounted() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(10, 100).add("short", "").send();
            pair.send();
            var counters = new Counters();
            counters.sendCalls = 1;
            counters.messagesSent = 2;
            counters.datagramsSent = 12;
            counters.bytesSent = 1_005;
            assertEquals(SocketStatistics.of(counters, 0), pair.sender.statistics());
        }
    }

    @Test
    void receivedDatagramsAreCounted() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add(10, 100).add("short", "").send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(2, pair.receiver.receive(pair.in));
            for (int i = 0; i < 12; i++) {
                assertNotEquals(null, pair.in.next());
            }
            assertEquals(0, pair.receiver.receive(pair.in));
            var counters = new Counters();
            counters.receiveCalls = 2;
            counters.messagesReceived = 2;
            counters.datagramsReceived = 12;
            counters.bytesReceived = 1_005;
            assertEquals(SocketStatistics.of(counters, 0), pair.receiver.statistics());
        }
    }

    @Test
    void datagramsAreCountedAsTheyAreRead() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            pair.add(10, 100).send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(10, pair.receiver.receive(pair.in));
            assertEquals(10, pair.receiver.statistics().messagesReceived());
            assertEquals(0, pair.receiver.statistics().datagramsReceived());
            pair.in.next();
            pair.in.next();
            assertEquals(2, pair.receiver.statistics().datagramsReceived());
        }
    }

    @Test
    void aBatchCountsForTheSocketThatSendsIt() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("one");
            pair.receiver.send(pair.out);
            assertEquals(nothing(), pair.sender.statistics());
            assertEquals(1, pair.receiver.statistics().datagramsSent());
        }
    }
}
