package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SentMessage;
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
 * A joined message is refused again on the second try. Its datagrams are then sent one by one, and joining is held back
 * if the kernel accepts them (trap 14).
 */
@Tag("fault")
class SendJoinedRefusedTest {

    static IntStream joiningAtFault() {
        return IntStream.of(Linux.EIO(), Linux.EINVAL(), Linux.EMSGSIZE());
    }

    @ParameterizedTest
    @MethodSource("joiningAtFault")
    void datagramsArriveOnceOneByOneAndInOrder(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, errno)));
            sender.add(B, "b1", "b2");
            sender.add(A, "a1", "a2", "a3", "4");
            sender.add(B, "b3");

            assertEquals(7, sender.send());

            assertEquals(List.of("b1", "b2", "b3", "a1", "a2", "a3", "4"), sender.arrived());
            assertEquals(List.of(3, 1, 1, 1, 1), sender.messageSizes());
            assertEquals(List.of(), sender.batch.failures());
            assertEquals(0, sender.batch.pendingDatagrams());
            assertEquals(0, sender.batch.pendingBytes());
            assertEquals(1, sender.socket.statistics().coalescingFallbacks());
            assertEquals(7, sender.socket.statistics().datagramsSent());
        }
    }

    @ParameterizedTest
    @MethodSource("joiningAtFault")
    void joiningIsHeldBackForThatDestinationOnly(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, errno)));
            sender.add(A, "a1", "a2");
            sender.send();
            sender.kernel.forget();

            sender.add(B, "b1", "b2");
            sender.add(A, "a3", "a4");
            sender.add(B, "b3", "b4");
            sender.send();

            assertEquals(List.of(), offeredJoined(sender, 0), "was tried joined again");
            assertEquals(List.of("a3", "a4"), sender.arrived(A));
            assertEquals(List.of(4, 1, 1), sender.messageSizes());
            assertEquals(List.of(), sender.batch.failures());
        }
    }

    @Test
    void messagesBehindAHeldBackOneKeepTheirOrder() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, Errno.EIO)));
            sender.add(A, "a1", "a2");
            sender.send();
            sender.kernel.forget();

            sender.add(A, "1", "2", "333", "444", "5", "6");
            sender.add(B, "b1", "b2");
            sender.send();

            assertEquals(List.of("1", "2", "333", "444", "5", "6"), sender.arrived(A));
            assertEquals(List.of("b1", "b2"), sender.arrived(B));
            assertEquals(List.of(1, 1, 1, 1, 1, 1, 2), sender.messageSizes());
        }
    }

    @Test
    void tooLongSegmentsLimitJoiningToShorterOnes() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> message.segmentSize() > 3 ? Errno.EMSGSIZE : 0));
            sender.add(A, "four", "4444");
            sender.send();
            sender.kernel.forget();

            sender.add(A, "aaa", "bbb");
            sender.add(A, "cccc", "dddd");
            sender.add(B, "eee", "fff");
            assertEquals(6, sender.send());

            assertEquals(List.of("aaa", "bbb", "cccc", "dddd"), sender.arrived(A));
            assertEquals(List.of(2, 1, 1, 2), sender.messageSizes());
            assertEquals(List.of(), offeredJoined(sender, 3), "a segment size known to be too long was tried again");
        }
    }

    @Test
    void theLimitFallsWhileSegmentsAreStillTooLong() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> message.segmentSize() > 2 ? Errno.EMSGSIZE : 0));
            sender.add(A, "four", "4444");
            sender.send();
            sender.add(A, "aaa", "bbb");
            sender.send();
            sender.kernel.forget();

            sender.add(A, "cc", "dd");
            sender.add(A, "eee", "fff");
            sender.send();

            assertEquals(List.of(2, 1, 1), sender.messageSizes());
            assertEquals(List.of(), offeredJoined(sender, 2));
        }
    }

    @Test
    void otherErrorsLimitNothing() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EPERM), Answer.error(Errno.EPERM));
            sender.send();

            sender.add(A, "a3", "a4");
            sender.send();

            assertEquals(List.of("a1", "a2", "a3", "a4"), sender.arrived());
            assertEquals(List.of(1, 1, 2), sender.messageSizes());
        }
    }

    /** The joined messages to A that the kernel was offered, taken or not, with segments longer than that. */
    private static List<SentMessage> offeredJoined(ScriptedSender sender, int segmentSize) {
        return sender.kernel.sendCalls().stream()
                .flatMap(call -> call.offered().stream())
                .filter(message -> message.isTo(A) && message.segmentSize() > segmentSize)
                .toList();
    }

    /**
     * Older kernels return EINVAL, not EMSGSIZE, for a segment over the MTU. That is no reason to stop joining
     * altogether.
     */
    @Test
    void invalidLargeSegmentsLeaveSmallOnesJoined() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG,
                    Answer.accept(message -> message.segmentSize() > 1452 ? Linux.EINVAL() : 0));
            sender.add(A, "x".repeat(2000), "y".repeat(2000));
            assertEquals(2, sender.send());
            sender.kernel.forget();

            sender.add(A, "a1", "a2");
            assertEquals(2, sender.send());

            assertEquals(List.of(2), sender.messageSizes());
        }
    }
}
