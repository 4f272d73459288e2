package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 10: with GRO a slot holds many datagrams, which are split by the size that the kernel reports. A slot that is
 * too small loses whole datagrams, which are counted, and truncates at most one, which alone is marked.
 */
@OnLoopback
record GroTest(Loopback loopback) {

    @BeforeAll
    static void loopbackJoins() throws SyscallException {
        Needs.joiningOnLoopback();
    }

    /** Sends ten datagrams as one message: nine of 100 bytes and one of 50. */
    private static void sendTen(Pair pair) {
        pair.add(9, 100).add(1, 50).send();
        assertEquals(1, pair.sender.statistics().messagesSent());
    }

    @ParameterizedTest
    @CsvSource({
            // bytes sent in datagrams of 100, slot size: whole datagrams, bytes of a truncated one, lost datagrams
            "950,  950, 10, 0,  0",
            "950,  949, 9,  49, 0",
            "950,  901, 9,  1,  0",
            "950,  900, 9,  0,  1",
            "950,  350, 3,  50, 6",
            "950,  301, 3,  1,  6",
            "950,  300, 3,  0,  7",
            "950,  299, 2,  99, 7",
            "950,  100, 1,  0,  9",
            "950,  99,  0,  99, 9",
            "950,  1,   0,  1,  9",
            "1000, 901, 9,  1,  0",
            "1000, 900, 9,  0,  1",
            "101,  100, 1,  0,  1",
            "100,  50,  0,  50, 0",
            "100,  100, 1,  0,  0"
    })
    void aSmallSlotTruncatesOneDatagramAndLosesTheRest(int sent, int slotSize, int whole, int cutTo, int lost)
            throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(2, slotSize)) {
            pair.receiver.set(UdpOptions.GRO, true);
            for (int at = 0; at < sent; at += 100) {
                var end = Math.min(at + 100, sent);
                Traffic.add(pair.out, Arrays.copyOfRange(Traffic.bytes(1_000), at, end), pair.to);
            }
            pair.add("").send();
            assertEquals(2, pair.sender.statistics().messagesSent());
            var pieces = whole + (cutTo > 0 ? 1 : 0);
            var received = Traffic.receive(pair.receiver, small, pieces + 1);
            var lengths = new ArrayList<>(Collections.nCopies(whole, 100));
            if (whole == 10 && sent == 950) {
                lengths.set(9, 50);
            }
            var cut = new ArrayList<>(Collections.nCopies(whole, false));
            if (cutTo > 0) {
                lengths.add(cutTo);
                cut.add(true);
            }
            // The next message, which must be delivered too.
            lengths.add(0);
            cut.add(false);
            assertEquals(lengths, Traffic.lengths(received));
            assertEquals(cut, received.stream().map(Datagram::truncated).toList());
            var arrived = Arrays.copyOf(Traffic.bytes(1_000), Math.min(sent, slotSize));
            assertArrayEquals(arrived, Traffic.bytesOfAll(received));
            var statistics = pair.receiver.statistics();
            assertEquals(2, statistics.messagesReceived());
            assertEquals(pieces + 1, statistics.datagramsReceived());
            assertEquals(lost, statistics.datagramsLostToTruncation());
            assertEquals(cutTo > 0 ? 1 : 0, statistics.datagramsTruncated());
        }
    }

    @Test
    void everyDatagramHasItsOwnBytesAndItsSource() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            var sent = new ArrayList<String>();
            for (int i = 0; i < 64; i++) {
                sent.add("%07d".formatted(i));
            }
            sent.set(63, "last");
            pair.add(sent.toArray(String[]::new)).send();
            var received = pair.receive(64);
            assertEquals(sent, Traffic.texts(received));
            assertEquals(
                    Collections.nCopies(64, pair.sender.localAddress()),
                    received.stream().map(Datagram::source).toList());
            assertEquals(1, pair.receiver.statistics().messagesReceived());
            assertEquals(64, pair.receiver.statistics().datagramsReceived());
            assertEquals(63 * 7 + 4, pair.receiver.statistics().bytesReceived());
        }
    }

    @Test
    void coalescedAndPlainMessagesFollowEachOther() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            var sent = List.of("alone", "aaa", "bbb", "cc", "", "dddd", "dddd", "e", "longer than all before");
            pair.add(sent.toArray(String[]::new)).send();
            assertEquals(sent, Traffic.texts(pair.receive(sent.size())));
            assertTrue(pair.receiver.statistics().messagesReceived() < sent.size());
        }
    }

    /** The receiver did not enable GRO; the previous owner of the descriptor did. */
    @Test
    void anAdoptedSocketWithGroIsSplitToo() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            try (var adopted = UdpSocket.adoptDuplicate(pair.receiver.descriptor())) {
                sendTen(pair);
                var received = Traffic.receive(adopted, pair.in, 10);
                assertEquals(10, received.size());
                assertArrayEquals(Traffic.bytes(50), received.getLast().bytes());
                assertEquals(1, adopted.statistics().messagesReceived());
            }
        }
    }

    @Test
    void theMaxPacketSizeTruncatesDatagramsNotSlots() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.in.maxPacketSize(60);
            sendTen(pair);
            var received = pair.receive(10);
            var lengths = new ArrayList<>(Collections.nCopies(9, 60));
            lengths.add(50);
            assertEquals(lengths, Traffic.lengths(received));
            assertEquals(9, received.stream().filter(Datagram::truncated).count());
            assertEquals(9, pair.receiver.statistics().datagramsTruncated());
            assertEquals(0, pair.receiver.statistics().datagramsLostToTruncation());
        }
    }
}
