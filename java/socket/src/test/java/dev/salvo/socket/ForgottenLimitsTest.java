package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What failures taught about joining was about a path; with another peer, or none, it may be another. */
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
    void byConnecting() throws SyscallException {
        try (sender) {
            learn();
            sender.socket.connect(PEER);
            assertSent(List.of(2));
        }
    }

    @Test
    void byDisconnecting() throws SyscallException {
        try (sender) {
            sender.socket.connect(PEER);
            learn();
            sender.socket.disconnect();
            assertSent(List.of(2));
        }
    }
}
