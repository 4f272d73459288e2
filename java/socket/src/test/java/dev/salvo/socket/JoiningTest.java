package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.socket.ScriptedSender.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.SentMessage;
import dev.salvo.linux.SyscallException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which datagrams share a message, and that each arrives unchanged. */
@Tag("fault")
class JoiningTest {

    @Test
    void anEmptyFirstDatagramIsAlone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "", "a1", "a2");
            assertEquals(3, sender.send());

            assertEquals(List.of("", "a1", "a2"), sender.arrived());
            assertEquals(List.of(1, 2), sender.messageSizes());
        }
    }

    @Test
    void anEmptyDatagramInTheMiddleIsAlone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "", "a3");
            assertEquals(4, sender.send());

            assertEquals(List.of("a1", "a2", "", "a3"), sender.arrived());
            assertEquals(List.of(2, 1, 1), sender.messageSizes());
        }
    }

    @Test
    void emptyDatagramsNeverJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "", "", "");
            assertEquals(3, sender.send());

            assertEquals(List.of("", "", ""), sender.arrived());
        }
    }

    @Test
    void alternatingDestinationsJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int i = 0; i < 5; i++) {
                sender.add(A, "a" + i);
                sender.add(B, "b" + i);
                sender.add(null, "n" + i);
                sender.add(C, "");
            }
            assertEquals(20, sender.send());

            assertEquals(List.of("a0", "a1", "a2", "a3", "a4"), sender.arrived(A));
            assertEquals(List.of("b0", "b1", "b2", "b3", "b4"), sender.arrived(B));
            assertEquals(List.of("n0", "n1", "n2", "n3", "n4"), sender.arrived(null));
            assertEquals(Collections.nCopies(5, ""), sender.arrived(C));
            assertEquals(List.of(5, 5, 5, 1, 1, 1, 1, 1), sender.messageSizes());
        }
    }

    @Test
    void aShorterDatagramClosesTheRun() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "aaa", "bbb", "c", "d", "eee");
            assertEquals(5, sender.send());

            assertEquals(List.of("aaa", "bbb", "c", "d", "eee"), sender.arrived());
            assertEquals(List.of(3, 1, 1), sender.messageSizes());
        }
    }

    @Test
    void atMost64DatagramsJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var payloads = IntStream.range(100, 165).mapToObj(Integer::toString).toArray(String[]::new);
            sender.add(A, payloads);
            assertEquals(65, sender.send());

            assertEquals(List.of(payloads), sender.arrived());
            assertEquals(List.of(64, 1), sender.messageSizes());
        }
    }

    @Test
    void atMost65000BytesJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var payloads = Collections.nCopies(60, "x".repeat(1300));
            sender.add(A, payloads.toArray(String[]::new));
            assertEquals(60, sender.send());

            assertEquals(payloads, sender.arrived());
            assertEquals(List.of(50, 10), sender.messageSizes());
            assertTrue(sender.kernel.sent().stream().map(SentMessage::payload).allMatch(p -> p.length() <= 65_000));
        }
    }

    @Test
    void adjacentPayloadsAreOneVector() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b1");
            sender.add(A, "a3", "a4");
            sender.send();

            assertEquals(List.of(2, 1), sender.kernel.sent().stream().map(SentMessage::vectors).toList());
        }
    }

    @Test
    void datagramsAddedWithCoalescingOffDoNotJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.batch.coalescing(false);
            sender.add(A, "a3", "a4");
            sender.batch.coalescing(true);
            sender.add(A, "a5", "a6");
            sender.send();

            assertEquals(List.of("a1", "a2", "a3", "a4", "a5", "a6"), sender.arrived());
            assertEquals(List.of(2, 1, 1, 2), sender.messageSizes());
        }
    }
}
