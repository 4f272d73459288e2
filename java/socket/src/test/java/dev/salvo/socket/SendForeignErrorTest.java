package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.kernel.Syscall.RECVMSG;
import static dev.salvo.kernel.Syscall.SENDMMSG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SendCall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pending ICMP error fails the next send, whatever is sent (trap 3). The same message is repeated before the error
 * queue is read.
 */
@Tag("fault")
class SendForeignErrorTest {

    /** The errors that icmp_err_convert, icmpv6_err_convert and a parameter problem produce. */
    static IntStream raisedByIcmp() {
        return IntStream.of(
                Linux.ECONNREFUSED(),
                Linux.EHOSTUNREACH(),
                Linux.ENETUNREACH(),
                Linux.EMSGSIZE(),
                Linux.EACCES(),
                Linux.EPROTO(),
                Linux.ENOPROTOOPT(),
                Linux.EOPNOTSUPP(),
                Linux.EHOSTDOWN(),
                Linux.ENONET());
    }

    static IntStream notRaisedByIcmp() {
        return IntStream.of(Linux.EPERM(), Linux.EINVAL(), Linux.EIO(), Linux.ENETDOWN(), Linux.EADDRNOTAVAIL());
    }

    @ParameterizedTest
    @MethodSource("raisedByIcmp")
    void aMessageIsRepeatedThreeTimesBeforeTheErrorQueueIsRead(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b");
            var error = Answer.error(errno);
            sender.kernel.next(SENDMMSG, error, error, error);

            assertEquals(3, sender.send());

            assertEquals(List.of(SENDMMSG, SENDMMSG, SENDMMSG, SENDMMSG, RECVMSG), sender.sendsAndDrains());
            assertEquals(1, sender.kernel.sendCalls().stream().map(SendCall::offered).distinct().count());
            assertEquals(List.of("a1", "a2", "b"), sender.arrived());
            assertEquals(List.of(), sender.batch.failures());
            assertEquals(3, sender.socket.statistics().sendsRepeated());
            assertEquals(0, sender.socket.statistics().coalescingFallbacks());
        }
    }

    @ParameterizedTest
    @MethodSource("raisedByIcmp")
    void aFourthErrorFailsTheMessage(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "b");
            var error = Answer.error(errno);
            sender.kernel.next(SENDMMSG, error, error, error, error);

            assertEquals(2, sender.send());

            assertEquals(List.of(SENDMMSG, SENDMMSG, SENDMMSG, SENDMMSG, RECVMSG, SENDMMSG), sender.sendsAndDrains());
            assertEquals(List.of(new SendFailure(A, 1, errno)), sender.batch.failures());
            assertEquals(List.of("b"), sender.arrived());
        }
    }

    @ParameterizedTest
    @MethodSource("notRaisedByIcmp")
    void otherErrorsAreRetriedOnce(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "b");
            var error = Answer.error(errno);
            sender.kernel.next(SENDMMSG, error, Answer.accept(1), error, error);

            assertEquals(2, sender.send());

            assertEquals(List.of(SENDMMSG, SENDMMSG, RECVMSG, SENDMMSG, SENDMMSG, RECVMSG), sender.sendsAndDrains());
            assertEquals(List.of("a"), sender.arrived());
            assertEquals(List.of(new SendFailure(B, 1, errno)), sender.batch.failures());
        }
    }

    @Test
    void everyMessageHasItsOwnThreeRepeats() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            sender.add(B, "b");
            var error = Answer.error(Errno.ECONNREFUSED);
            sender.kernel.next(SENDMMSG, error, error, error, Answer.accept(1), error, error, error, Answer.accept(1));

            assertEquals(2, sender.send());

            assertEquals(List.of("a", "b"), sender.arrived());
        }
    }

    @Test
    void aMessageHasThreeRepeatsAgainInTheNextSend() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a");
            var error = Answer.error(Errno.ECONNREFUSED);
            sender.kernel.next(SENDMMSG, error, error, error, Answer.error(Errno.EAGAIN), error, error, error);

            assertEquals(0, sender.send());
            assertEquals(1, sender.send());

            assertEquals(List.of("a"), sender.arrived());
        }
    }

    @Test
    void aPendingErrorDoesNotSplitAJoinedMessage() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "a3");
            sender.kernel.next(SENDMMSG, Answer.error(Errno.EMSGSIZE), Answer.error(Errno.EMSGSIZE));
            sender.send();
            sender.add(A, "a4", "a5");
            sender.send();

            assertEquals(List.of(3, 2), sender.messageSizes());
        }
    }
}
