package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel overwrites lengths and flags of the slots that it fills, so they are set before every call (trap 11). */
@Tag("fault")
class ReceiveHeadersTest {

    /** The room of a slot: for the address, for control messages, and its flags. */
    private record Room(int name, long control, int flags) {
    }

    private static List<Room> rooms(Call call) {
        var rooms = new ArrayList<Room>();
        var headers = call.memory(1);
        for (int i = 0; i < call.number(2); i++) {
            var header = i * Layouts.MMSGHDR;
            rooms.add(new Room(
                    headers.get(JAVA_INT, header + Layouts.MSG_NAMELEN),
                    headers.get(JAVA_LONG, header + Layouts.MSG_CONTROLLEN),
                    headers.get(JAVA_INT, header + Layouts.MSG_FLAGS)));
        }
        return rooms;
    }

    @Test
    void usedSlotsOfferTheirWholeRoomAgain() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            var offered = new ArrayList<List<Room>>();
            var deliveries = List.of(4, 2, 0, 1, 4, 4);
            for (var count : deliveries) {
                receiver.kernel.next(Syscall.RECVMMSG, call -> {
                    offered.add(rooms(call));
                    var messages = new Incoming[count];
                    Arrays.fill(messages, Incoming.from(A, "x").gro(1).flags(Linux.MSG_ERRQUEUE()));
                    return Answer.deliver(messages).to(call);
                });
            }
            for (var count : deliveries) {
                assertEquals(count, receiver.socket.receive(receiver.batch));
            }

            assertEquals(6, offered.size());
            assertEquals(1, offered.stream().flatMap(List::stream).distinct().count(), offered::toString);
            assertEquals(new Room(32, ReceiveBatch.CONTROL_ROOM, 0), offered.getFirst().getFirst());
        }
    }

    @Test
    void usedSlotsOfferTheirWholeRoomAfterAnError() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "x").gro(1), Incoming.from(A, "x"));
            receiver.kernel.next(Syscall.RECVMMSG, Answer.error(Errno.ECONNREFUSED));
            assertThrows(SyscallException.class, () -> receiver.socket.receive(receiver.batch));
            assertNull(receiver.batch.next());
            receiver.kernel.next(Syscall.RECVMMSG, call -> {
                var whole = new Room(32, ReceiveBatch.CONTROL_ROOM, 0);
                assertEquals(List.of(whole), rooms(call).stream().distinct().toList());
                return -Errno.EAGAIN;
            });

            assertEquals(0, receiver.socket.receive(receiver.batch));
        }
    }

    @Test
    void nothingOfThePreviousMessageRemains() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            var tos = new byte[]{1};
            receiver.receive(Incoming.from(A, "abcdef").gro(2).control(Linux.IPPROTO_IP(), Linux.IP_TOS(), tos));
            assertEquals(List.of("ab", "cd", "ef"), receiver.payloads());

            receiver.receive(Incoming.from(B, "xyz"));
            var datagram = receiver.next();

            assertEquals("xyz", Traffic.text(datagram));
            assertEquals(B, datagram.source());
            assertFalse(receiver.batch.control().next());
            assertNull(receiver.batch.next());
        }
    }

    @Test
    void aReceiveNeverWaits() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive();

            var call = receiver.kernel.calls(Syscall.RECVMMSG).getFirst();
            assertEquals(Linux.MSG_DONTWAIT() | Linux.MSG_TRUNC(), call.number(3));
        }
    }

    @Test
    void aReceiveTakesNoMoreMessagesThanRequested() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.socket.receive(receiver.batch, 2);
            receiver.socket.receive(receiver.batch, 100);

            assertEquals(
                    List.of(2, 4),
                    receiver.kernel.calls(Syscall.RECVMMSG).stream().map(call -> call.number(2)).toList());
        }
    }

    /** The kernel reads the count as unsigned and would write far beyond the batch. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aCountThatIsNotPositiveIsRefused(int maxMessages) throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            assertThrows(
                    IllegalArgumentException.class, () -> receiver.socket.receive(receiver.batch, maxMessages));

            assertEquals(List.of(), receiver.kernel.calls(Syscall.RECVMMSG));
        }
    }

    @Test
    void aClosedSocketLeavesTheBatchUnchanged() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abcd").gro(2));
            receiver.receive(Incoming.from(A, "ab"), Incoming.from(B, "abcd"));
            var datagram = receiver.next();
            receiver.socket.close();

            assertThrows(IllegalStateException.class, () -> receiver.socket.receive(receiver.batch));

            assertEquals(A, datagram.source());
            assertFalse(receiver.batch.control().next());
            assertEquals(List.of("abcd"), receiver.payloads());
        }
    }

    @Test
    void aNewBatchIsEmpty() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            assertThrows(IllegalStateException.class, receiver.batch::control);
            assertNull(receiver.batch.next());
        }
    }
}
