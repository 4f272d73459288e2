package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.SentMessage;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Datagrams to one destination share a message if their options are equal. If not, they keep their order. */
@Tag("fault")
class SendOptionsSharingTest {

    private final SendOptions options = new SendOptions();

    private SendOptions expedited() {
        return options.clear().trafficClass(0xb8);
    }

    private SendOptions bulk() {
        return options.clear().trafficClass(0x20);
    }

    private static List<String> payloads(ScriptedSender sender) {
        return sender.kernel.sent().stream().map(SentMessage::payload).toList();
    }

    @Test
    void theSameOptionsJoin() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int i = 0; i < 4; i++) {
                Traffic.add(sender.batch, A, expedited(), "a" + i);
                Traffic.add(sender.batch, B, bulk(), "b" + i);
            }
            Traffic.add(sender.batch, A, expedited(), "a");
            assertEquals(9, sender.send());
            assertEquals(List.of("a0a1a2a3a", "b0b1b2b3"), payloads(sender));
            assertEquals(List.of("0:1=184", "0:1=32"),
                    sender.kernel.sent().stream().map(SentMessage::options).toList());
        }
    }

    @Test
    void aRunWithEqualOptionsJoins() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int i = 0; i < 100; i++) {
                Traffic.add(sender.batch, A, expedited(), "1234");
            }
            assertEquals(100, sender.batch.pendingDatagrams());
            assertEquals(400, sender.batch.pendingBytes());
            assertEquals(100, sender.send());
            assertEquals(List.of(64, 36), sender.messageSizes());
        }
    }

    @Test
    void differentOptionsDoNotJoinAndOrderIsKept() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            Traffic.add(sender.batch, A, expedited(), "1", "2");
            Traffic.add(sender.batch, A, bulk(), "3", "4");
            sender.add(A, "5", "6");
            Traffic.add(sender.batch, A, expedited(), "7", "8");
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
            Traffic.add(sender.batch, A, options.clear().transmitTime(7), "1", "2");
            sender.add(A, "3");
            assertEquals(3, sender.send());
            assertEquals(List.of("1", "2", "3"), payloads(sender));
            assertEquals(List.of(0, 0, 0), sender.kernel.sent().stream().map(SentMessage::segmentSize).toList());
        }
    }

    /** Datagrams with the same id do not join either. */
    @Test
    void aDatagramWithATimestampIsAlone() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "1", "2");
            Traffic.add(sender.batch, A, options.clear().transmitTimestamp(0), "3", "4");
            sender.add(A, "5", "6");
            assertEquals(6, sender.send());
            assertEquals(List.of("12", "3", "4", "56"), payloads(sender));
        }
    }

    @Test
    void emptyOptionsEqualNoOptions() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "1");
            Traffic.add(sender.batch, A, options.clear(), "2");
            sender.add(A, "3");
            assertEquals(3, sender.send());
            assertEquals(List.of("123"), payloads(sender));
        }
    }

    @Test
    void withoutCoalescingNothingJoins() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.batch.coalescing(false);
            Traffic.add(sender.batch, A, expedited(), "1", "2");
            assertEquals(2, sender.send());
            assertEquals(List.of("1", "2"), payloads(sender));
        }
    }

    @Test
    void singlesOfARefusedMessageKeepTheOptions() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, Errno.EIO)));
            Traffic.add(sender.batch, A, expedited(), "1", "2");
            assertEquals(2, sender.send());
            assertEquals(
                    List.of(new SentDatagram(A, "1", "0:1=184"), new SentDatagram(A, "2", "0:1=184")),
                    sender.kernel.arrived());
        }
    }

    @Test
    void aReusedBatchKeepsNoOptions() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            Traffic.add(sender.batch, A, expedited(), "1");
            assertEquals(1, sender.send());
            sender.add(A, "2");
            assertEquals(1, sender.send());
            assertEquals(List.of("0:1=184", ""), sender.kernel.sent().stream().map(SentMessage::options).toList());
        }
    }
}
