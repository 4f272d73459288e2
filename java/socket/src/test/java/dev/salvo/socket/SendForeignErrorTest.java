package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.socket.ScriptedSender.C;
import static dev.salvo.kernel.Syscall.RECVMSG;
import static dev.salvo.kernel.Syscall.SENDMMSG;
import static dev.salvo.kernel.Syscall.SETSOCKOPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SendCall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pending ICMP error fails the next send, whatever is sent (trap 3). The same message is repeated before the error
 * queue is read, and then without an error queue.
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

    /** Whether RECVERR was on in each send, as the kernel was told before. */
    private static List<Boolean> errorsQueuedInSends(ScriptedSender sender) {
        var queued = new ArrayList<Boolean>();
        boolean on = true;
        for (var call : sender.kernel.calls()) {
            if (call.name() == SETSOCKOPT) {
                on = !on;
            } else if (call.name() == SENDMMSG) {
                queued.add(on);
            }
        }
        return queued;
    }

    @ParameterizedTest
    @MethodSource("raisedByIcmp")
    void anErrorThatComesWithoutErrorQueueTwiceFailsTheMessage(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.socket.set(IpOptions.RECVERR, true);
            sender.kernel.forget();
            sender.add(A, "a");
            sender.add(B, "b");
            sender.add(C, "c");
            var error = Answer.error(errno);
            sender.kernel.next(SENDMMSG, error, error, error, error, error, error);

            assertEquals(3, sender.send());

            assertEquals(List.of(true, true, true, true, false, false, false, true), errorsQueuedInSends(sender));
            assertEquals(List.of(new SendFailure(A, 1, errno)), sender.batch.failures());
            assertEquals(List.of("b", "c"), sender.arrived());
            assertTrue(sender.socket.get(IpOptions.RECVERR));
        }
    }

    @ParameterizedTest
    @MethodSource("raisedByIcmp")
    void anErrorThatDoesNotComeTwiceWithoutErrorQueueIsForeign(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.socket.set(IpOptions.RECVERR, true);
            sender.kernel.forget();
            sender.add(A, "a1", "a2");
            var error = Answer.error(errno);
            sender.kernel.next(SENDMMSG, error, error, error, error, error);

            assertEquals(2, sender.send());

            assertEquals(List.of(true, true, true, true, false, false), errorsQueuedInSends(sender));
            assertEquals(List.of(2), sender.messageSizes());
            assertEquals(List.of(), sender.batch.failures());
            assertTrue(sender.socket.get(IpOptions.RECVERR));
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
