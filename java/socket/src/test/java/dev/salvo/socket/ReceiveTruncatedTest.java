package dev.salvo.socket;

import static dev.salvo.socket.ScriptedReceiver.pieces;
import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.internal.Incoming;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message that is longer than its slot: what arrived is told piece by piece, what did not is counted (trap 10). */
@Tag("fault")
class ReceiveTruncatedTest {

    @ParameterizedTest
    @CsvSource({
            // message, segment, slot: whole pieces, cut ones, lost ones
            "950, 100, 350, 3, 1, 6",
            "950, 100, 300, 3, 0, 7",
            "950, 100, 301, 3, 1, 6",
            "950, 100, 99, 0, 1, 9",
            "950, 100, 949, 9, 1, 0",
            "950, 100, 950, 10, 0, 0",
            "950, 100, 1000, 10, 0, 0",
            "1000, 100, 900, 9, 0, 1",
            "1000, 100, 901, 9, 1, 0",
            "101, 100, 100, 1, 0, 1",
            "100, 100, 50, 0, 1, 0",
            "100, 200, 50, 0, 1, 0",
            "100, 200, 100, 1, 0, 0"
    })
    void piecesAreWholeCutOrLost(int length, int segment, int slot, int whole, int cut, int lost)
            throws SyscallException {
        try (var receiver = new ScriptedReceiver(2, slot)) {
            var payload = pieces(length, segment);
            receiver.receive(Incoming.from(A, payload).gro(segment), Incoming.from(B, "after"));

            int at = 0;
            for (int i = 0; i < whole + cut; i++) {
                var datagram = receiver.next();
                var end = Math.min(Math.min(at + segment, length), slot);
                assertEquals(payload.substring(at, end), ScriptedReceiver.payload(datagram));
                assertEquals(i == whole, datagram.truncated());
                assertEquals(A, datagram.source());
                at = end;
            }
            assertEquals(B, receiver.next().source(), "the next message is not reached");

            var statistics = receiver.socket.statistics();
            assertEquals(whole + cut + 1, statistics.datagramsReceived());
            assertEquals(lost, statistics.datagramsLostToTruncation());
            assertEquals(cut, statistics.datagramsTruncated() - (slot < 5 ? 1 : 0));
            assertEquals(2, statistics.messagesReceived());
        }
    }

    @Test
    void aPlainDatagramIsCut() throws SyscallException {
        try (var receiver = new ScriptedReceiver(2, 4)) {
            receiver.receive(Incoming.from(A, "abcdef"), Incoming.from(A, "abcd"));

            assertEquals(List.of("abcd...", "abcd"), receiver.payloads());
            assertEquals(1, receiver.socket.statistics().datagramsTruncated());
            assertEquals(0, receiver.socket.statistics().datagramsLostToTruncation());
        }
    }

    @Test
    void aPacketSizeCutsEveryPiece() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.batch.maxPacketSize(2);
            receiver.receive(Incoming.from(A, "abcdefgh").gro(3), Incoming.from(A, "ab"), Incoming.from(A, ""));

            assertEquals(List.of("ab...", "de...", "gh", "ab", ""), receiver.payloads());
            assertEquals(2, receiver.socket.statistics().datagramsTruncated());
        }
    }

    @Test
    void aPacketSizeHoldsFromTheNextDatagramOn() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abcdef").gro(3), Incoming.from(A, "ghi"));
            var datagram = receiver.next();
            receiver.batch.maxPacketSize(1);

            assertEquals("abc", ScriptedReceiver.payload(datagram));
            assertEquals(List.of("d...", "g..."), receiver.payloads());
        }
    }

    @Test
    void emptyDatagramsAreReal() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            assertEquals(3, receiver.receive(Incoming.from(A, ""), Incoming.from(A, "a"), Incoming.from(A, "")));

            assertEquals(List.of("", "a", ""), receiver.payloads());
        }
    }
}
