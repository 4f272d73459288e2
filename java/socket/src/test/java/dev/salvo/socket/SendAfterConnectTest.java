package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits on joining were learnt on the path to the old peer. A connect to another peer forgets them. */
@Tag("fault")
class SendAfterConnectTest {

    @Test
    void joiningResumesAfterAConnect() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.CONNECT, Answer.value(0));
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EIO), Answer.error(Errno.EIO));
            sender.socket.connect(A);
            for (int i = 0; i < 2; i++) {
                sender.add(null, "a1", "a2");
                sender.send();
            }
            assertEquals(List.of(1, 1, 1, 1), sender.messageSizes(), "held back for A");

            sender.socket.connect(B);
            sender.add(null, "b1", "b2");
            sender.send();

            assertEquals(List.of(1, 1, 1, 1, 2), sender.messageSizes());
        }
    }

    @Test
    void aFailedConnectForgetsNothing() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.next(Syscall.CONNECT, Answer.value(0), Answer.error(Errno.ENETUNREACH));
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EIO), Answer.error(Errno.EIO));
            sender.socket.connect(A);
            sender.add(null, "a1", "a2");
            sender.send();

            assertThrows(SyscallException.class, () -> sender.socket.connect(B));
            sender.add(null, "a3", "a4");
            sender.send();

            assertEquals(List.of(1, 1, 1, 1), sender.messageSizes());
        }
    }
}
