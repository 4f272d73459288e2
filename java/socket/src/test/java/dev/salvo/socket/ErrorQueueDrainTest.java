package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A drain empties the error queue, up to a limit. Entries that remain do not fail the next send (trap 4). */
@Tag("fault")
class ErrorQueueDrainTest {

    private static final Answer EMPTY = Answer.error(Errno.EAGAIN);

    private static Answer[] entries(int count) {
        var entries = new Answer[count + 1];
        Arrays.fill(entries, Answer.value(0));
        entries[count] = EMPTY;
        return entries;
    }

    @Test
    void theDrainReadsUntilEmptyAndTheSocketErrorLast() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.next(Syscall.RECVMSG, entries(3));
            sender.kernel.next(Syscall.GETSOCKOPT, pendingError(Errno.ECONNREFUSED));

            assertEquals(Errno.ECONNREFUSED, sender.socket.drainErrors());

            assertEquals(4, sender.kernel.calls(Syscall.RECVMSG).size());
            requireErrorReadLast(sender);
        }
    }

    @Test
    void theDrainStopsAt256EntriesAndReadsTheSocketErrorLast() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.RECVMSG, Answer.value(0));
            // The drain made the next entry's error pending; it is read once.
            sender.kernel.next(Syscall.GETSOCKOPT, pendingError(Errno.EHOSTUNREACH), pendingError(0));

            assertEquals(Errno.EHOSTUNREACH, sender.socket.drainErrors());

            assertEquals(256, sender.kernel.calls(Syscall.RECVMSG).size());
            requireErrorReadLast(sender);
        }
    }

    @Test
    void aFloodDoesNotHoldUpASend() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.RECVMSG, Answer.value(0));
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1));
            sender.add(A, "a");
            sender.add(B, "b");

            assertEquals(2, sender.send());

            assertEquals(256, sender.kernel.calls(Syscall.RECVMSG).size());
            var calls = sender.kernel.calls();
            var next = calls.getLast();
            assertEquals(Syscall.SENDMMSG, next.name());
            requireReadsError(calls.get(calls.size() - 2));
            assertEquals(256, sender.socket.statistics().errorQueueEntries());
        }
    }

    @Test
    void anEmptiedQueueNeedsNoFurtherReadBeforeTheNextCall() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.next(Syscall.RECVMSG, entries(2));
            sender.kernel.next(Syscall.SENDMMSG, Answer.accept(1));
            sender.add(A, "a");
            sender.add(B, "b");

            sender.send();

            assertEquals(
                    List.of(Syscall.SENDMMSG, Syscall.RECVMSG, Syscall.RECVMSG, Syscall.RECVMSG, Syscall.SENDMMSG),
                    sender.kernel.calls().stream().map(Call::name).toList());
        }
    }

    @Test
    void theDrainNeverWaitsAndGivesEveryEntryTheWholeBuffer() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var rooms = new ArrayList<List<Long>>();
            sender.kernel.always(Syscall.RECVMSG, call -> {
                var message = call.memory(1);
                var controlRoom = message.get(JAVA_LONG, Layouts.MSG_CONTROLLEN);
                rooms.add(List.of((long) message.get(JAVA_INT, Layouts.MSG_NAMELEN), controlRoom));
                message.set(JAVA_INT, Layouts.MSG_NAMELEN, 16);
                message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, 48);
                assertEquals(Linux.MSG_ERRQUEUE() | Linux.MSG_DONTWAIT(), call.number(2));
                return rooms.size() < 5 ? 0 : -Errno.EAGAIN;
            });

            sender.socket.drainErrors();

            assertEquals(5, rooms.size());
            assertEquals(1, rooms.stream().distinct().count(), rooms::toString);
            assertTrue(rooms.getFirst().get(0) >= 28 && rooms.getFirst().get(1) >= 256, rooms::toString);
        }
    }

    private static Answer pendingError(int errno) {
        return call -> {
            call.memory(3).set(JAVA_INT, 0, errno);
            return 0;
        };
    }

    private static void requireErrorReadLast(ScriptedSender sender) {
        requireReadsError(sender.kernel.calls().getLast());
    }

    private static void requireReadsError(Call call) {
        assertEquals(Syscall.GETSOCKOPT, call.name());
        assertEquals(Linux.SOL_SOCKET(), call.number(1));
        assertEquals(Linux.SO_ERROR(), call.number(2));
    }
}
