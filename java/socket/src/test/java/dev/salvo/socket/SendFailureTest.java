package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.socket.ScriptedSender.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A datagram that the kernel refuses for a reason of its own fails alone and is reported. */
@Tag("fault")
class SendFailureTest {

    @Test
    void aFailureIsRecordedAndTheRestIsSent() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.accept(message -> message.isTo(B) ? Errno.EPERM : 0));
            sender.add(A, "a");
            sender.add(B, "bbb");
            sender.add(C, "c");

            assertEquals(3, sender.send());

            assertEquals(List.of(new SendFailure(B, 3, Errno.EPERM)), sender.batch.failures());
            assertEquals(List.of("a", "c"), sender.arrived());
            assertEquals(0, sender.batch.stoppedBy());
            assertEquals(0, sender.batch.pendingBytes());
            assertEquals(1, sender.socket.statistics().datagramsFailed());
            assertEquals(2, sender.socket.statistics().datagramsSent());
        }
    }

    @Test
    void aFailureOnAConnectedSocketHasNoDestination() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EDESTADDRREQ));
            sender.add(null, "four");

            assertEquals(1, sender.send());

            assertEquals(List.of(new SendFailure(null, 4, Errno.EDESTADDRREQ)), sender.batch.failures());
        }
    }

    @Test
    void emptyDatagramsFailToo() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EPERM));
            sender.add(A, "");

            assertEquals(1, sender.send());

            assertEquals(List.of(new SendFailure(A, 0, Errno.EPERM)), sender.batch.failures());
        }
    }

    @Test
    void theListOfFailuresIsAReadOnlyView() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var failures = sender.batch.failures();
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EPERM));
            sender.add(A, "a");
            sender.send();

            assertEquals(1, failures.size());
            assertThrows(UnsupportedOperationException.class, failures::clear);
            assertSame(failures, sender.batch.failures());
        }
    }

    @Test
    void failuresAreKeptInOrderUntilTheBatchIsReused() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var permitted = Answer.accept(message -> message.payload().startsWith("no") ? Errno.EPERM : 0);
            sender.kernel.next(Syscall.SENDMMSG, permitted, permitted, permitted, Answer.error(Errno.EAGAIN));
            sender.kernel.always(Syscall.SENDMMSG, permitted);
            sender.add(A, "yes");
            sender.add(B, "no");
            sender.add(C, "no!!");
            sender.send();
            assertEquals(List.of(new SendFailure(B, 2, Errno.EPERM)), sender.batch.failures());

            sender.send();
            assertEquals(
                    List.of(new SendFailure(B, 2, Errno.EPERM), new SendFailure(C, 4, Errno.EPERM)),
                    sender.batch.failures());

            sender.add(A, "yes");
            assertEquals(List.of(), sender.batch.failures());
        }
    }
}
