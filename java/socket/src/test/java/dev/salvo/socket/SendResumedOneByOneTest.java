package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A send stops while the datagrams of a refused joined message are sent one by one, and is then resumed. */
@Tag("fault")
class SendResumedOneByOneTest {

    private static final Answer REFUSED = Answer.error(Errno.EIO);

    /** The kernel takes two of three single datagrams; at the third it blocks or has no buffers. */
    private static ScriptedSender stopped(int errno) throws SyscallException {
        var sender = new ScriptedSender();
        sender.add(A, "a1", "a2", "a3");
        sender.add(B, "b1", "b2");
        var stop = Answer.error(errno);
        sender.kernel.next(Syscall.SENDMMSG, REFUSED, REFUSED, Answer.accept(1), Answer.accept(1), stop);
        if (errno != Errno.EAGAIN) {
            sender.kernel.next(Syscall.SENDMMSG, stop);
        }
        assertEquals(2, sender.send());
        assertEquals(errno, sender.batch.stoppedBy());
        assertEquals(3, sender.batch.pendingDatagrams());
        assertEquals(6, sender.batch.pendingBytes());
        return sender;
    }

    @ParameterizedTest
    @ValueSource(strings = {"EAGAIN", "ENOBUFS", "ENOMEM"})
    void aResumedSendLosesAndDuplicatesNothing(String errno) throws SyscallException {
        try (var sender = stopped(number(errno))) {
            assertEquals(3, sender.send());

            assertEquals(List.of("a1", "a2", "a3", "b1", "b2"), sender.arrived());
            assertEquals(List.of(1, 1, 1, 2), sender.messageSizes());
            assertEquals(0, sender.batch.pendingBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EAGAIN", "ENOBUFS", "ENOMEM"})
    void datagramsAddedMeanwhileAreSentAfterwards(String errno) throws SyscallException {
        try (var sender = stopped(number(errno))) {
            sender.add(A, "a4", "a5");
            sender.add(B, "b3");
            assertEquals(6, sender.send());

            assertEquals(List.of("a1", "a2", "a3", "a4", "a5"), sender.arrived(A));
            assertEquals(List.of("b1", "b2", "b3"), sender.arrived(B));
            assertEquals(0, sender.batch.pendingDatagrams());
        }
    }

    @Test
    void singlesTakenBeforeTheStopStillHoldJoiningBack() throws SyscallException {
        try (var sender = stopped(Errno.EAGAIN)) {
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EPERM), Answer.error(Errno.EPERM));
            sender.send();
            assertEquals(List.of(new SendFailure(A, 2, Errno.EPERM)), sender.batch.failures());

            sender.add(A, "a4", "a5");
            sender.send();

            assertEquals(List.of(1, 1, 2, 1, 1), sender.messageSizes());
        }
    }

    @Test
    void aSendMayStopAtEverySingle() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "a3");
            sender.kernel.next(Syscall.SENDMMSG, REFUSED, REFUSED, Answer.error(Errno.EAGAIN));
            for (int i = 0; i < 2; i++) {
                sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));
            }
            for (int done : new int[]{0, 1, 1, 1}) {
                assertEquals(done, sender.send());
            }

            assertEquals(List.of("a1", "a2", "a3"), sender.arrived());
        }
    }

    @Test
    void clearDropsTheSinglesToo() throws SyscallException {
        try (var sender = stopped(Errno.EAGAIN)) {
            sender.batch.clear();
            assertEquals(0, sender.send());

            sender.add(B, "b9");
            assertEquals(1, sender.send());

            assertEquals(List.of("a1", "a2", "b9"), sender.arrived());
        }
    }

    private static int number(String errno) {
        return switch (errno) {
            case "EAGAIN" -> Errno.EAGAIN;
            case "ENOBUFS" -> Errno.ENOBUFS;
            default -> Errno.ENOMEM;
        };
    }
}
