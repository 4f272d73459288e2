package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.socket.ScriptedSender.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** sendmmsg took fewer messages than it was given, which is no error (trap 2). */
@Tag("fault")
class SendShortCountTest {

    @Test
    void theSendContinuesFromTheFirstUnsentMessage() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "b");
            sender.add(C, "c");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.accept(1));

            assertEquals(3, sender.send());

            assertEquals(List.of("a", "b", "c"), sender.arrived());
            assertEquals(List.of(3, 2, 1), offered(sender));
            assertEquals(0, sender.batch.stoppedBy());
            assertEquals(0, sender.batch.pendingDatagrams());
            assertEquals(List.of(), sender.batch.failures());
        }
    }

    @Test
    void theDatagramsOfJoinedMessagesAreCounted() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "a3");
            sender.add(B, "b1", "b2");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));

            assertEquals(3, sender.send());
            assertEquals(2, sender.batch.pendingDatagrams());
            assertEquals(4, sender.batch.pendingBytes());

            assertEquals(2, sender.send());
            assertEquals(List.of("a1", "a2", "a3", "b1", "b2"), sender.arrived());
        }
    }

    @Test
    void theErrorQueueIsReadBeforeTheNextCall() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "b");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1));

            sender.send();

            assertEquals(List.of(Syscall.SENDMMSG, Syscall.RECVMSG, Syscall.SENDMMSG), sender.sendsAndDrains());
        }
    }

    private static List<Integer> offered(ScriptedSender sender) {
        return sender.kernel.sendCalls().stream().map(call -> call.offered().size()).toList();
    }
}
