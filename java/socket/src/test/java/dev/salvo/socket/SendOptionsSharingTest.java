package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.SentDatagram;
import dev.salvo.socket.internal.SentMessage;
import dev.salvo.socket.internal.Syscall;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Datagrams to one destination share a message if their options are the same, and keep their order if not. */
@Tag("fault")
class SendOptionsSharingTest {

    private final SendOptions options = new SendOptions();

    private SendOptions expedited() {
        return options.clear().trafficClass(0xb8);
    }

    private SendOptions bulk() {
        return options.clear().trafficClass(0x20);
    }

    private static void add(ScriptedSender sender, @Nullable SockAddr to, SendOptions options, String... payloads) {
        for (var payload : payloads) {
            var segment = MemorySegment.ofArray(Traffic.bytes(payload));
            assertTrue(sender.batch.add(segment, 0, payload.length(), to, options));
        }
    }

    private static List<String> payloads(ScriptedSender sender) {
        return sender.kernel.sent().stream().map(SentMessage::payload).toList();
    }

    @Test
    void theSameOptionsJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int i = 0; i < 4; i++) {
                add(sender, A, expedited(), "a" + i);
                add(sender, B, bulk(), "b" + i);
            }
            add(sender, A, expedited(), "a");
            assertEquals(9, sender.send());
            assertEquals(List.of("a0a1a2a3a", "b0b1b2b3"), payloads(sender));
            assertEquals(List.of("0:1=184", "0:1=32"),
                    sender.kernel.sent().stream().map(SentMessage::options).toList());
        }
    }

    @Test
    void aRunOfThemIsOneMessage() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int i = 0; i < 100; i++) {
                add(sender, A, expedited(), "1234");
            }
            assertEquals(100, sender.batch.pendingDatagrams());
            assertEquals(400, sender.batch.pendingBytes());
            assertEquals(100, sender.send());
            assertEquals(List.of(64, 36), sender.messageSizes());
        }
    }

    @Test
    void othersDoNotJoinAndOrderIsKept() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            add(sender, A, expedited(), "1", "2");
            add(sender, A, bulk(), "3", "4");
            sender.add(A, "5", "6");
            add(sender, A, expedited(), "7", "8");
            sender.add(A, "9");
            assertEquals(9, sender.send());
            assertEquals(List.of("12", "34", "56", "78", "9"), payloads(sender));
            assertEquals(
                    List.of("0:1=184", "0:1=32", "", "0:1=184", ""),
                    sender.kernel.sent().stream().map(SentMessage::options).toList());
        }
    }

    @Test
    void aDatagramWithATimeIsAlone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            add(sender, A, options.clear().transmitTime(7), "1", "2");
            sender.add(A, "3");
            assertEquals(3, sender.send());
            assertEquals(List.of("1", "2", "3"), payloads(sender));
            assertEquals(List.of(0, 0, 0), sender.kernel.sent().stream().map(SentMessage::segmentSize).toList());
        }
    }

    /** Also of one id. */
    @Test
    void aDatagramWithATimestampIsAlone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "1", "2");
            add(sender, A, options.clear().transmitTimestamp(0), "3", "4");
            sender.add(A, "5", "6");
            assertEquals(6, sender.send());
            assertEquals(List.of("12", "3", "4", "56"), payloads(sender));
        }
    }

    @Test
    void emptyOptionsAreNone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "1");
            add(sender, A, options.clear(), "2");
            sender.add(A, "3");
            assertEquals(3, sender.send());
            assertEquals(List.of("123"), payloads(sender));
        }
    }

    @Test
    void switchedOffNothingJoins() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.batch.coalescing(false);
            add(sender, A, expedited(), "1", "2");
            assertEquals(2, sender.send());
            assertEquals(List.of("1", "2"), payloads(sender));
        }
    }

    @Test
    void singlesOfARefusedMessageHaveThem() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, Errno.EIO)));
            add(sender, A, expedited(), "1", "2");
            assertEquals(2, sender.send());
            assertEquals(
                    List.of(new SentDatagram(A, "1", "0:1=184"), new SentDatagram(A, "2", "0:1=184")),
                    sender.kernel.arrived());
        }
    }

    @Test
    void aBatchIsUsedAgainWithout() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            add(sender, A, expedited(), "1");
            assertEquals(1, sender.send());
            sender.add(A, "2");
            assertEquals(1, sender.send());
            assertEquals(List.of("0:1=184", ""), sender.kernel.sent().stream().map(SentMessage::options).toList());
        }
    }
}
