package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 13: with MSG_TRUNC msg_len is the real length, which may exceed the slot. Salvo exposes only the bytes in the
 * slot, never those behind it.
 */
@OnLoopback
record TruncationTest(Loopback loopback) {

    @Test
    void aDatagramLongerThanItsSlotIsTruncatedAndMarked() throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(4, 10)) {
            pair.out.coalescing(false);
            pair.add(1, 100).add("0123456789", "short").send();
            var received = Traffic.receive(pair.receiver, small, 3);
            assertEquals(List.of(10, 10, 5), Traffic.lengths(received));
            assertEquals(List.of(true, false, false), received.stream().map(Datagram::truncated).toList());
            assertArrayEquals(Arrays.copyOf(Traffic.bytes(100), 10), received.getFirst().bytes());
            assertEquals(List.of("0123456789", "short"), Traffic.texts(received.subList(1, 3)));
            var statistics = pair.receiver.statistics();
            assertEquals(1, statistics.datagramsTruncated());
            assertEquals(0, statistics.datagramsLostToTruncation());
            assertEquals(25, statistics.bytesReceived());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 99})
    void theMaxPacketSizeTruncates(int size) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.in.maxPacketSize(size);
            pair.add(2, 100).add("").send();
            var received = pair.receive(3);
            assertEquals(List.of(size, size, 0), Traffic.lengths(received));
            assertEquals(List.of(true, true, false), received.stream().map(Datagram::truncated).toList());
            assertArrayEquals(Arrays.copyOf(Traffic.bytes(100), size), received.getFirst().bytes());
            assertEquals(2, pair.receiver.statistics().datagramsTruncated());
        }
    }

    @Test
    void theMaxPacketSizeAppliesFromTheNextDatagramOn() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add("abc", "def", "", "ghi").send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(3, pair.receiver.receive(pair.in));
            var datagram = Objects.requireNonNull(pair.in.next());
            pair.in.maxPacketSize(1);
            assertEquals("abc", text(datagram));
            for (var text : List.of("d", "", "g")) {
                assertEquals(text, text(Objects.requireNonNull(pair.in.next())));
                assertEquals(!text.isEmpty(), datagram.truncated());
            }
        }
    }

    private static String text(Datagram datagram) {
        return Traffic.texts(List.of(datagram)).getFirst();
    }

    @Test
    void aDatagramOfTheMaxPacketSizeIsNotTruncated() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.in.maxPacketSize(100);
            pair.add(2, 100).send();
            assertEquals(0, pair.receive(2).stream().filter(Datagram::truncated).count());
            assertThrows(IllegalArgumentException.class, () -> pair.in.maxPacketSize(-1));
            assertThrows(IllegalArgumentException.class, () -> pair.in.maxPacketSize(65_536));
        }
    }
}
