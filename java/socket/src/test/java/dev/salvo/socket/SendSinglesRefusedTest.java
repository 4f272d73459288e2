package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A joined message is refused, and so are its single datagrams: then joining was not the cause. Port 0 is an example,
 * and a peer chooses its source port.
 */
@Tag("fault")
class SendSinglesRefusedTest {

    static IntStream joiningAtFaultOrNot() {
        return IntStream.of(Linux.EIO(), Linux.EINVAL(), Linux.EMSGSIZE(), Linux.EPERM(), Linux.ENETUNREACH());
    }

    @ParameterizedTest
    @MethodSource("joiningAtFaultOrNot")
    void everyRefusedSingleIsReportedAndTheRestIsSent(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.accept(message -> message.isTo(A) ? errno : 0));
            sender.add(A, "a11", "a22", "3");
            sender.add(B, "b1", "b2");

            assertEquals(5, sender.send());

            assertEquals(
                    List.of(new SendFailure(A, 3, errno), new SendFailure(A, 3, errno), new SendFailure(A, 1, errno)),
                    sender.batch.failures());
            assertEquals(List.of("b1", "b2"), sender.arrived());
            assertEquals(0, sender.batch.pendingBytes());
            assertEquals(3, sender.socket.statistics().datagramsFailed());
        }
    }

    @ParameterizedTest
    @MethodSource("joiningAtFaultOrNot")
    void joiningStaysOn(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.accept(message -> message.isTo(A) ? errno : 0));
            sender.add(A, "a1", "a2");
            sender.send();

            sender.kernel.always(Syscall.SENDMMSG, Answer.accept());
            sender.add(A, "a3", "a4");
            sender.send();

            assertEquals(List.of(2), sender.messageSizes());
        }
    }

    @Test
    void anotherDestinationsSinglesDoNotCount() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG,
                    Answer.accept(message -> message.isTo(B) || message.joined() ? Errno.EINVAL : 0));
            sender.add(A, "a1", "a2");
            sender.add(B, "b1", "b2");
            sender.send();
            assertEquals(List.of("a1", "a2"), sender.arrived());
            sender.kernel.forget();

            sender.kernel.always(Syscall.SENDMMSG, Answer.accept());
            sender.add(A, "a3", "a4");
            sender.add(B, "b3", "b4");
            sender.send();

            assertEquals(List.of(1, 1, 2), sender.messageSizes());
        }
    }

    @Test
    void oneAcceptedSingleIsEnoughToHoldJoiningBack() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> message.payload().equals("ok") ? 0 : Errno.EINVAL));
            sender.add(A, "no", "ok", "ko");
            assertEquals(3, sender.send());
            assertEquals(
                    List.of(new SendFailure(A, 2, Errno.EINVAL), new SendFailure(A, 2, Errno.EINVAL)),
                    sender.batch.failures());

            sender.kernel.always(Syscall.SENDMMSG, Answer.accept());
            sender.add(A, "a1", "a2");
            sender.send();

            assertEquals(List.of("ok", "a1", "a2"), sender.arrived());
            assertEquals(List.of(1, 1, 1), sender.messageSizes());
        }
    }
}
