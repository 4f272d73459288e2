package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 3: with RECVERR on, the ICMP error of a datagram to a dead port fails the next send of the socket, whatever its
 * destination, and that datagram is not sent. Even so every datagram to the live port must arrive once, in order.
 */
@OnLoopback
record PendingErrorTest(Loopback loopback) {

    private static final int DATAGRAMS = 5_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLivePeerBesideADeadPeerLosesNothing(boolean coalescing) throws Exception {
        if (coalescing) {
            // Plain, the receive buffer has no room for so many.
            Needs.joiningOnLoopback();
        }
        try (var sender = loopback.bound();
                var dead = loopback.dead();
                var out = SendBatch.open()) {
            var sink = new Sink(loopback, DATAGRAMS);
            sender.set(loopback.recvErr(), true);
            out.coalescing(coalescing);
            var payload = MemorySegment.ofArray(new byte[Integer.BYTES]);
            var destinations = List.of(sink.address, dead.localAddress());
            for (int i = 0; i < DATAGRAMS; i++) {
                payload.set(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
                for (var destination : destinations) {
                    while (!out.add(payload, 0, Integer.BYTES, destination)) {
                        sender.send(out);
                    }
                }
            }
            sender.send(out);
            assertEquals(0, out.pendingDatagrams());
            assertEquals(List.of(), out.failures());
            var statistics = sender.statistics();
            assertEquals(2 * DATAGRAMS, statistics.datagramsSent());
            assertTrue(statistics.sendsRepeated() > 0, "no pending error was met");
            assertTrue(statistics.errorQueueEntries() > 0, "no ICMP error came");
            sink.assertAllArrivedOnceInOrder();
        }
    }
}
