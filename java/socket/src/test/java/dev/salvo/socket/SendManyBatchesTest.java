package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SendCall;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch and a socket are combined only for a send; neither keeps state about the other. */
@Tag("fault")
class SendManyBatchesTest {

    @Test
    void severalBatchesOnOneSocket() throws SyscallException {
        try (var sender = new ScriptedSender();
                var other = sender.kernel.open(() -> SendBatch.open())) {
            sender.add(A, "a1", "a2");
            Traffic.add(other, B, "b1", "b2", "b3");
            sender.kernel.next(
                    Syscall.SENDMMSG,
                    Answer.error(Errno.EIO),
                    Answer.error(Errno.EIO),
                    Answer.accept(1),
                    Answer.error(Errno.EAGAIN));

            assertEquals(1, sender.send());
            assertEquals(3, sender.socket.send(other));
            assertEquals(Errno.EAGAIN, sender.batch.stoppedBy());
            assertEquals(0, other.stoppedBy());
            assertEquals(1, sender.send());

            assertEquals(List.of("a1", "b1", "b2", "b3", "a2"), sender.arrived());
            assertEquals(List.of(1, 3, 1), sender.messageSizes());
        }
    }

    @Test
    void oneBatchOnSeveralSockets() throws SyscallException {
        try (var sender = new ScriptedSender();
                var other = sender.openSocket()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b1", "b2");
            sender.kernel.next(
                    Syscall.SENDMMSG,
                    Answer.error(Errno.EIO),
                    Answer.error(Errno.EIO),
                    Answer.accept(1),
                    Answer.error(Errno.EAGAIN));

            assertEquals(1, sender.send());
            assertEquals(3, other.send(sender.batch));

            assertEquals(List.of("a1"), arrivedThrough(sender.socket, sender));
            assertEquals(List.of("a2", "b1", "b2"), arrivedThrough(other, sender));
            assertEquals(1, sender.socket.statistics().datagramsSent());
            assertEquals(3, other.statistics().datagramsSent());
        }
    }

    @Test
    void aBatchIsUsedAgain() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 1024; i++) {
                    sender.add(SockAddr.of("192.0.2.9", i), Integer.toString(i));
                }
                assertEquals(1024, sender.send());
            }

            assertEquals(3 * 1024, sender.arrived().size());
        }
    }

    private static List<String> arrivedThrough(UdpSocket socket, ScriptedSender sender) {
        return sender.kernel.sendCalls().stream()
                .filter(call -> call.fd() == socket.descriptor())
                .map(SendCall::taken)
                .flatMap(List::stream)
                .flatMap(message -> message.datagrams().stream())
                .map(SentDatagram::payload)
                .toList();
    }
}
