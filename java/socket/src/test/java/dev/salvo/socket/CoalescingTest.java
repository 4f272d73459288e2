package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 14: a message has at most 64 segments and 65,000 bytes. All segments have one size, except that the last may be
 * shorter, and none is empty. The socket's own UDP_SEGMENT, which would split plain sends, stays 0.
 */
@OnLoopback
record CoalescingTest(Loopback loopback) {

    private static long messages(Pair pair) {
        return pair.sender.statistics().messagesSent();
    }

    @ParameterizedTest
    @CsvSource({
            "1,   100,    1",
            "64,  10,     1",
            "65,  10,     2",
            "128, 10,     2",
            "129, 10,     3",
            "50,  1300,   1",
            "51,  1300,   2",
            "50,  1301,   2",
            "2,   32500,  1",
            "2,   32501,  2",
            "3,   65000,  3"
    })
    void equalSizesJoinUpToTheLimits(int count, int size, int messages) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertEquals(count, pair.add(count, size).send());
            assertEquals(messages, messages(pair));
            assertEquals(List.of(), pair.out.failures());
            assertEquals(Collections.nCopies(count, size), Traffic.lengths(pair.receive(count)));
        }
    }

    @Test
    void anEmptyDatagramClosesTheRun() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("AA", "AA", "", "AA", "AA").send();
            assertEquals(3, messages(pair));
            assertEquals(List.of("AA", "AA", "", "AA", "AA"), Traffic.texts(pair.receive(5)));
        }
    }

    @Test
    void aShorterDatagramClosesTheRun() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("AA", "AA", "B", "B", "AA").send();
            assertEquals(3, messages(pair));
            assertEquals(List.of("AA", "AA", "B", "B", "AA"), Traffic.texts(pair.receive(5)));
        }
    }

    @Test
    void interleavedDestinationsJoin() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound()) {
            var toFirst = new ArrayList<String>();
            var toSecond = new ArrayList<String>();
            for (int i = 10; i < 40; i++) {
                toFirst.add("first " + i);
                toSecond.add("second " + i);
                pair.add("first " + i);
                Traffic.add(pair.out, second.localAddress(), "second " + i);
            }
            assertEquals(60, pair.send());
            assertEquals(2, messages(pair));
            assertEquals(toFirst, Traffic.texts(pair.receive(30)));
            assertEquals(toSecond, Traffic.texts(Traffic.receive(second, pair.in, 30)));
        }
    }

    @Test
    void withoutCoalescingEveryDatagramIsAMessage() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            pair.add(10, 100).send();
            assertEquals(10, messages(pair));
            pair.out.coalescing(true);
            pair.add(10, 100).send();
            assertEquals(11, messages(pair));
            assertEquals(20, pair.receive(20).size());
        }
    }

    @Test
    void theSocketsOwnSegmentSizeStaysZero() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(10, 100).send();
            assertEquals(0, pair.sender.get(UdpOptions.SEGMENT));
            pair.add(1, 2_500).send();
            assertEquals(2, messages(pair));
            assertEquals(2_500, pair.receive(11).getLast().length());
        }
    }

    @Test
    void aFullBatchRefusesTheAddUntilItIsSent() throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = SendBatch.open(65_535)) {
            Traffic.add(small, Traffic.bytes(40_000), pair.to);
            assertFalse(small.add(Traffic.bytes(40_000), pair.to));
            assertEquals(1, small.pendingDatagrams());
            assertEquals(40_000, small.pendingBytes());
            assertEquals(1, pair.sender.send(small));
            assertTrue(small.add(Traffic.bytes(40_000), pair.to));
            assertEquals(1, pair.sender.send(small));
            assertEquals(List.of(40_000, 40_000), Traffic.lengths(pair.receive(2)));
        }
    }
}
