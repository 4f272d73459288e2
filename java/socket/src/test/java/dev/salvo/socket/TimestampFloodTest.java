package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timestamps are held in the receive buffer, which fits some 250. They must not displace the datagrams of a peer. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimestampFloodTest {

    private static final int ROUNDS = 20;
    private static final int EACH = 1_000;

    @ParameterizedTest
    @EnumSource
    void twentyThousandUnreadTimestampsCostNoReceivedDatagram(Loopback loopback)
            throws SyscallException {
        Needs.transmitTimestamps();
        try (var pair = new Pair(loopback);
                var peerOut = SendBatch.open()) {
            TransmitTimestamp.enable(pair.sender);
            var sent = new ArrayList<String>();
            var received = new ArrayList<String>();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < EACH; i++) {
                    Stamps.add(pair.out, 1, pair.to, i);
                }
                assertEquals(EACH, pair.send());
                for (int i = 0; i < 20; i++) {
                    // Of different lengths, so that they are not joined.
                    sent.add("x".repeat(1 + i % 2) + round + "." + i);
                    Traffic.add(peerOut, pair.sender.localAddress(), sent.getLast());
                }
                assertEquals(20, pair.receiver.send(peerOut));
                pair.sender.receive(pair.in);
                for (var datagram = pair.in.next(); datagram != null; datagram = pair.in.next()) {
                    received.addAll(Traffic.texts(List.of(datagram)));
                }
            }
            assertEquals(sent, received);
            assertEquals(false, pair.sender.awaitReadable(Duration.ZERO));
            var statistics = pair.sender.statistics();
            assertEquals(0, statistics.kernelPacketDrops());
            assertEquals(ROUNDS * EACH, statistics.errorQueueEntries());
            assertEquals(ROUNDS * EACH - 256, statistics.timestampsDropped());
            var kept = Stamps.await(pair.sender, 256);
            assertEquals(IntStream.range(0, 256).boxed().toList(), Stamps.ids(kept));
            assertNull(pair.sender.nextTransmitTimestamp());
        }
    }
}
