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

/** The oldest message can be dropped. It is no longer counted and never sent, and other messages stay unchanged. */
@Tag("fault")
class DropOldestTest {

    private static final Answer REFUSED = Answer.error(Errno.EIO);
    private static final Answer BLOCKED = Answer.error(Errno.EAGAIN);

    private static void assertPending(int datagrams, int bytes, SendBatch batch) {
        assertEquals(datagrams, batch.pendingDatagrams());
        assertEquals(bytes, batch.pendingBytes());
    }

    @Test
    void theWholeOldestMessageIsDropped() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2");
            sender.add(B, "b1", "b2", "b3");
            assertEquals(2, sender.batch.dropOldest());
            assertPending(3, 6, sender.batch);

            assertEquals(3, sender.send());

            assertEquals(List.of("b1", "b2", "b3"), sender.arrived());
            assertEquals(List.of(), sender.batch.failures());
            assertPending(0, 0, sender.batch);
        }
    }

    @Test
    void laterDatagramsDoNotJoinADroppedMessage() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(B, "b1");
            sender.add(A, "a1");
            assertEquals(1, sender.batch.dropOldest());
            sender.add(B, "b2");
            assertPending(2, 4, sender.batch);

            assertEquals(2, sender.send());

            assertEquals(List.of("a1", "b2"), sender.arrived());
        }
    }

    @Test
    void anOpenRunCanBeDropped() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "a3");
            assertEquals(3, sender.batch.dropOldest());
            assertPending(0, 0, sender.batch);
            assertEquals(0, sender.batch.dropOldest());
            assertEquals(0, sender.send());

            sender.add(A, "a4");
            assertEquals(1, sender.send());

            assertEquals(List.of("a4"), sender.arrived());
        }
    }

    @Test
    void aSentMessageIsNotTheOldest() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1");
            sender.add(B, "b1");
            sender.add(A, "longer");
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1), BLOCKED);
            assertEquals(1, sender.send());
            sender.add(B, "b2 is new");
            assertEquals(1, sender.batch.dropOldest());
            assertPending(2, 15, sender.batch);

            assertEquals(2, sender.send());

            assertEquals(List.of("a1", "longer", "b2 is new"), sender.arrived());
        }
    }

    @Test
    void theUnsentRestOfASplitMessageIsDropped() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1", "a2", "a");
            sender.add(B, "b1", "b2");
            sender.kernel.next(Syscall.SENDMMSG, REFUSED, REFUSED, Answer.accept(1), BLOCKED);
            assertEquals(1, sender.send());
            assertEquals(2, sender.batch.dropOldest());
            assertPending(2, 4, sender.batch);

            assertEquals(2, sender.send());

            assertEquals(List.of("a1", "b1", "b2"), sender.arrived());
            assertEquals(List.of(1, 2), sender.messageSizes());
        }
    }

    @Test
    void theNextMessageHasAllItsTriesWithoutBuffers() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "a1");
            sender.add(B, "b1");
            sender.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            for (int i = 0; i < 20; i++) {
                assertEquals(0, sender.send());
            }
            assertEquals(1, sender.batch.dropOldest());

            assertEquals(0, sender.send());
            assertPending(1, 2, sender.batch);
        }
    }

    @Test
    void aClosedBatchRefusesDropOldest() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.batch.close();
            assertThrows(IllegalStateException.class, sender.batch::dropOldest);
        }
    }
}
