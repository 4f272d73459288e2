package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
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

/** Without UDP_SEGMENT (before Linux 4.18, or in a sandbox) a joined message would arrive as one long datagram. */
@Tag("fault")
class SendWithoutSegmentationTest {

    private static ScriptedSender sender(int errno) throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.GETSOCKOPT, call -> {
            var isSegment = call.number(1) == Linux.SOL_UDP() && call.number(2) == Linux.UDP_SEGMENT();
            return isSegment ? -errno : call.passOn();
        });
        return new ScriptedSender(kernel);
    }

    static IntStream refusals() {
        return IntStream.of(Linux.ENOPROTOOPT(), Linux.EOPNOTSUPP(), Linux.ENOSYS(), Linux.EPERM());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void noJoinedMessageIsSent(int errno) throws SyscallException {
        try (var sender = sender(errno)) {
            sender.add(B, "b1");
            sender.add(A, "a1", "a2", "a3");
            sender.add(B, "b0002");
            sender.add(A, "a4", "5", "a6");
            sender.add(B, "b0003");

            assertEquals(9, sender.send());

            assertEquals(List.of(), sender.kernel.sent().stream().filter(SentMessage::joined).toList());
            assertEquals(List.of("a1", "a2", "a3", "a4", "5", "a6"), sender.arrived(A));
            assertEquals(List.of("b1", "b0002", "b0003"), sender.arrived(B));
            assertEquals(List.of(), sender.batch.failures());
        }
    }

    @Test
    void aResumedSendLosesAndDuplicatesNothing() throws SyscallException {
        try (var sender = sender(Errno.ENOPROTOOPT)) {
            sender.add(A, "a1", "a2", "a3");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), Answer.error(Errno.EAGAIN));
            sender.send();
            sender.add(A, "a4");
            sender.send();

            assertEquals(List.of("a1", "a2", "a3", "a4"), sender.arrived());
        }
    }
}
