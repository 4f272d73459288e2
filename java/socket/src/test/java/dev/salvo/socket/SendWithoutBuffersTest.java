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

/** ENOBUFS and ENOMEM: the kernel is short of memory at the moment, and the datagrams are valid (trap 21). */
@Tag("fault")
class SendWithoutBuffersTest {

    static IntStream noBuffers() {
        return IntStream.of(Linux.ENOBUFS(), Linux.ENOMEM());
    }

    @ParameterizedTest
    @MethodSource("noBuffers")
    void theBatchKeepsTheRest(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b1", "b2");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(errno), Answer.error(errno));

            assertEquals(2, sender.send());

            assertEquals(errno, sender.batch.stoppedBy());
            assertEquals(2, sender.batch.pendingDatagrams());
            assertEquals(List.of(), sender.batch.failures());
            assertEquals(1, sender.socket.statistics().sendsWithoutBuffers());

            sender.add(A, "a3");
            assertEquals(3, sender.send());
            assertEquals(0, sender.batch.stoppedBy());
            assertEquals(List.of("a1", "a2", "b1", "b2", "a3"), sender.arrived());
            assertEquals(List.of(2, 2, 1), sender.messageSizes());
        }
    }

    @ParameterizedTest
    @MethodSource("noBuffers")
    void nothingIsLostWithinTwentyTries(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(errno));
            sender.add(A, "a1", "a2");
            for (int i = 0; i < 20; i++) {
                assertEquals(0, sender.send());
                assertEquals(errno, sender.batch.stoppedBy());
            }

            sender.kernel.always(Syscall.SENDMMSG, Answer.accept());
            assertEquals(2, sender.send());

            assertEquals(List.of("a1", "a2"), sender.arrived());
            assertEquals(List.of(), sender.batch.failures());
        }
    }

    /** The real kernel returns this every time if the fragments of a datagram exceed twice SO_SNDBUF. */
    @ParameterizedTest
    @MethodSource("noBuffers")
    void aDatagramThatNeverFindsBuffersFailsAlone(int errno) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> message.isTo(A) ? errno : 0));
            sender.add(A, "a1");
            sender.add(B, "b1", "b2");
            for (int i = 0; i < 20; i++) {
                assertEquals(0, sender.send());
                assertEquals(errno, sender.batch.stoppedBy());
            }

            assertEquals(3, sender.send());

            assertEquals(List.of("b1", "b2"), sender.arrived());
            assertEquals(List.of(new SendFailure(A, 2, errno)), sender.batch.failures());
        }
    }

    @Test
    void everyMessageHasItsOwnTwentyTries() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            sender.add(A, "a1");
            sender.add(B, "b1");
            for (int i = 0; i < 20; i++) {
                assertEquals(0, sender.send());
            }
            assertEquals(1, sender.send());
            assertEquals(Errno.ENOBUFS, sender.batch.stoppedBy());
            assertEquals(List.of(new SendFailure(A, 2, Errno.ENOBUFS)), sender.batch.failures());
        }
    }

    @Test
    void aSentMessageEndsTheCount() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            sender.add(A, "a1");
            sender.add(B, "b1");
            for (int i = 0; i < 15; i++) {
                assertEquals(0, sender.send());
            }
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1));
            assertEquals(1, sender.send());
            for (int i = 0; i < 15; i++) {
                assertEquals(0, sender.send());
            }
            assertEquals(List.of(), sender.batch.failures());
        }
    }
}
