package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits on joining that failed sends revealed belong to a path. Another peer, or none, may have another path. */
@Tag("fault")
class ForgottenLimitsTest {

    private static final SockAddr PEER = SockAddr.of("127.0.0.1", 9);

    private final ScriptedSender sender = new ScriptedSender();

    ForgottenLimitsTest() throws SyscallException {}

    private void learn() {
        sender.kernel.always(
                Syscall.SENDMMSG,
                Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, Errno.EIO)));
        sender.add(A, "a", "b");
        sender.send();
        sender.kernel.always(Syscall.SENDMMSG, Answer.accept());
        assertSent(List.of(1, 1));
    }

    private void assertSent(List<Integer> messageSizes) {
        sender.kernel.forget();
        sender.add(A, "a", "b");
        sender.send();
        assertEquals(messageSizes, sender.messageSizes());
    }

    @Test
    void connectForgetsTheLimits() throws SyscallException {
        try (sender) {
            learn();
            sender.socket.connect(PEER);
            assertSent(List.of(2));
        }
    }

    @Test
    void disconnectForgetsTheLimits() throws SyscallException {
        try (sender) {
            sender.socket.connect(PEER);
            learn();
            sender.socket.disconnect();
            assertSent(List.of(2));
        }
    }
}
