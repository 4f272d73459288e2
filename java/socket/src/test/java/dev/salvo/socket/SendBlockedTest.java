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

/** EAGAIN: the batch keeps the rest, accepts more datagrams, and can be sent again. */
@Tag("fault")
class SendBlockedTest {

    @Test
    void aBlockedBatchKeepsTheRest() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "bb");
            sender.add(C, "ccc");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));

            assertEquals(1, sender.send());

            assertEquals(Errno.EAGAIN, sender.batch.stoppedBy());
            assertEquals(2, sender.batch.pendingDatagrams());
            assertEquals(5, sender.batch.pendingBytes());
            assertEquals(List.of("a"), sender.arrived());
            assertEquals(List.of(), sender.batch.failures());
            assertEquals(1, sender.socket.statistics().sendsBlocked());
        }
    }

    @Test
    void aBlockedSendIsNotRepeatedAtOnce() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));

            assertEquals(0, sender.send());

            assertEquals(List.of(Syscall.SENDMMSG), sender.sendsAndDrains());
        }
    }

    @Test
    void theRestAndLaterDatagramsAreSentOnceInOrder() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b1", "b2");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));
            sender.send();

            sender.add(B, "b3");
            sender.add(A, "a3");
            sender.add(C, "c1");
            assertEquals(5, sender.send());

            assertEquals(0, sender.batch.stoppedBy());
            assertEquals(0, sender.batch.pendingDatagrams());
            assertEquals(0, sender.batch.pendingBytes());
            assertEquals(List.of("a1", "a2", "a3"), sender.arrived(A));
            assertEquals(List.of("b1", "b2", "b3"), sender.arrived(B));
            assertEquals(List.of("c1"), sender.arrived(C));
        }
    }

    @Test
    void noDatagramJoinsAFailedMessage() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1");
            sender.add(B, "b1");
            sender.kernel.next(
                    Syscall.SENDMMSG,
                    Answer.error(Errno.EPERM),
                    Answer.error(Errno.EPERM),
                    Answer.error(Errno.EAGAIN));
            assertEquals(1, sender.send());

            sender.add(A, "a2");
            assertEquals(2, sender.send());

            assertEquals(List.of("b1", "a2"), sender.arrived());
            assertEquals(0, sender.batch.pendingDatagrams());
        }
    }

    @Test
    void aBatchMayBlockRepeatedly() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "1", "22", "333", "4444");
            for (int i = 0; i < 4; i++) {
                sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN), Answer.accept(1));
            }
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));

            for (int done : new int[]{0, 1, 1, 1, 1}) {
                assertEquals(done, sender.send());
            }

            assertEquals(List.of("1", "22", "333", "4444"), sender.arrived());
        }
    }
}
