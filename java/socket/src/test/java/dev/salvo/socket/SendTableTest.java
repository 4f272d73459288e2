package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The description of a message for the kernel stays from batch to batch, and is rewritten where the message differs.
 */
@Tag("fault")
class SendTableTest {

    private ScriptedSender sender;

    @BeforeEach
    void open() throws SyscallException {
        sender = new ScriptedSender();
    }

    @AfterEach
    void close() {
        sender.close();
    }

    private void assertSent(@Nullable SockAddr destination, String... payloads) {
        sender.kernel.forget();
        sender.send();
        assertEquals(List.of(payloads), sender.arrived(destination));
        assertEquals(payloads.length, sender.kernel.arrived().size());
    }

    private void assertArrives(@Nullable SockAddr destination, String... payloads) {
        sender.add(destination, payloads);
        assertSent(destination, payloads);
    }

    @Test
    void theSameMessageArrivesAgain() {
        assertArrives(A, "aa");
        assertArrives(A, "bb");
        assertArrives(A, "cc");
    }

    @Test
    void aChangedDestinationTakesEffect() {
        assertArrives(A, "aa");
        assertArrives(B, "aa");
        assertArrives(null, "aa");
        assertArrives(A, "aa");
    }

    @Test
    void aChangedLengthTakesEffect() {
        assertArrives(A, "aa");
        assertArrives(A, "aaa");
        assertArrives(A, "");
        assertArrives(A, "a");
    }

    @Test
    void joinedAndSingleMessagesAlternate() {
        assertArrives(A, "aa");
        assertArrives(A, "aa", "bb", "c");
        assertEquals(List.of(3), sender.messageSizes());
        assertArrives(A, "dd");
        sender.add(A, "aa");
        sender.add(B, "x");
        sender.add(A, "bb");
        sender.kernel.forget();
        sender.send();
        assertEquals(List.of("aa", "bb"), sender.arrived(A));
        assertEquals(List.of("x"), sender.arrived(B));
        assertArrives(A, "ee");
    }

    @Test
    void optionsDoNotRemainForTheNextMessage() {
        assertArrives(A, "aa");
        var none = sender.kernel.sent().getFirst().options();
        sender.batch.add(MemorySegment.ofArray(new byte[]{'b', 'b'}), 0, 2, A, new SendOptions().trafficClass(4));
        sender.kernel.forget();
        sender.send();
        assertNotEquals(none, sender.kernel.sent().getFirst().options());
        assertArrives(A, "cc");
        assertEquals(none, sender.kernel.sent().getFirst().options());
    }

    /** Datagrams sent one by one have a table of their own, which is kept as well. */
    @Test
    void datagramsSentOneByOneArrive() {
        sender.kernel.always(Syscall.SENDMMSG, Answer.accept(message -> message.joined() ? Errno.EIO : 0));
        assertArrives(A, "aa", "bb");
        assertArrives(B, "aa", "bb");
        assertArrives(A, "ccc", "ddd", "e");
        assertArrives(null, "ccc", "ddd");
        assertArrives(A, "aa", "bb");
    }

    @Test
    void anAddThatThrewLeavesTheRunUsable() {
        sender.add(A, "aa", "bb", "cc");
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(new byte[2], 1, 2, B));
        assertEquals(3, sender.batch.pendingDatagrams());
        sender.add(A, "dd", "ee");
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(new byte[2], 1, 3, A));
        sender.add(A, "ff");
        assertEquals(12, sender.batch.pendingBytes());
        assertSent(A, "aa", "bb", "cc", "dd", "ee", "ff");
        assertEquals(List.of(6), sender.messageSizes());
    }

    /** The same view, which shows another address by then. */
    @Test
    void aViewThatMovedOnIsANewDestination() {
        var view = SockAddr.view();
        Struct.load(view, A);
        sender.add(view, "aa");
        assertSent(A, "aa");
        Struct.load(view, B);
        sender.add(view, "aa");
        assertSent(B, "aa");
        Struct.load(view, A);
        sender.add(view, "aa");
        Struct.load(view, B);
        assertSent(A, "aa");
    }

    /** A view finds the message that an equal address began, and the other way round. */
    @Test
    void viewsAndAddressesAreOneDestination() {
        var view = SockAddr.view();
        Struct.load(view, A);
        sender.add(A, "aa");
        sender.add(B, "x");
        sender.add(view, "bb");
        sender.add(A, "cc");
        sender.kernel.forget();
        sender.send();
        assertEquals(List.of("aa", "bb", "cc"), sender.arrived(A));
        assertEquals(List.of(3, 1), sender.messageSizes());
    }

    /** Each of many batches in a row is sent as a new batch would be. */
    @Test
    void everyBatchIsSentAsByANewBatch() {
        var random = new Random(7);
        for (int round = 0; round < 500; round++) {
            var to = new ArrayList<SockAddr>();
            var expected = new ArrayList<List<String>>();
            for (int i = 0; i < 4; i++) {
                to.add(SockAddr.of("192.0.2." + (1 + random.nextInt(3)), 1000 + i));
                expected.add(new ArrayList<>());
            }
            for (int i = random.nextInt(12); i >= 0; i--) {
                var which = random.nextInt(4);
                var payload = Integer.toString(random.nextInt(1000));
                sender.add(random.nextBoolean() ? to.get(which) : view(to.get(which)), payload);
                expected.get(which).add(payload);
            }
            sender.kernel.forget();
            sender.send();
            for (int i = 0; i < 4; i++) {
                assertEquals(expected.get(i), sender.arrived(to.get(i)), "round " + round);
            }
            assertEquals(expected.stream().mapToInt(List::size).sum(), sender.kernel.arrived().size());
        }
    }

    private static SockAddr view(SockAddr address) {
        var view = SockAddr.view();
        Struct.load(view, address);
        return view;
    }
}
