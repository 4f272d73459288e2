package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A send batch can leave payload in the receive batch until it is sent. The payload stays unchanged, whatever happens
 * to the receive batch.
 */
@Tag("fault")
class BorrowedPayloadTest {

    private ScriptedReceiver receiver;
    private ScriptedSender sender;

    @BeforeEach
    void open() throws SyscallException {
        receiver = new ScriptedReceiver();
        sender = new ScriptedSender();
        sender.batch.borrowFrom(receiver.batch);
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
    }

    /** Receives a message of datagrams of two bytes and adds all of them, to A. */
    private void answer(String message) throws SyscallException {
        receiver.receive(Incoming.from(B, message).gro(2));
        for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
            sender.batch.add(datagram, A);
        }
    }

    @Test
    void payloadIsSentWithoutACopy() throws SyscallException {
        answer("aabbc");
        overwrite((byte) 'x');
        sender.send();
        assertEquals(List.of("xa", "bb", "c"), sender.arrived());
        assertEquals(1, sender.kernel.sent().getFirst().vectors());
    }

    /** Writes to the memory of the batch, which is read-only for all but the kernel. */
    @SuppressWarnings("restricted")
    private void overwrite(byte first) {
        var address = receiver.batch.lender().payload().address();
        MemorySegment.ofAddress(address).reinterpret(1).set(ValueLayout.JAVA_BYTE, 0, first);
    }

    @Test
    void payloadIsCopiedBeforeTheNextReceive() throws SyscallException {
        answer("aabbc");
        receiver.receive(Incoming.from(B, "xxyyz").gro(2));
        sender.send();
        assertEquals(List.of("aa", "bb", "c"), sender.arrived());
    }

    @Test
    void payloadIsCopiedBeforeTheReceiveBatchIsClosed() throws SyscallException {
        answer("aabbc");
        receiver.batch.close();
        sender.send();
        assertEquals(List.of("aa", "bb", "c"), sender.arrived());
    }

    @Test
    void payloadIsCopiedWhileItsDatagramsAreSentOneByOne() throws SyscallException {
        answer("aabbcc");
        var refused = Answer.error(Errno.EIO);
        sender.kernel.next(Syscall.SENDMMSG, refused, refused, Answer.accept(1), Answer.error(Errno.EAGAIN));
        assertEquals(1, sender.send());
        receiver.receive(Incoming.from(B, "xxyyzz").gro(2));
        assertEquals(2, sender.send());
        assertEquals(List.of("aa", "bb", "cc"), sender.arrived());
    }

    @Test
    void payloadIsCopiedBeforeAnotherBatchLends() throws SyscallException {
        answer("aabbc");
        try (var other = new ScriptedReceiver()) {
            sender.batch.borrowFrom(other.batch);
            receiver.receive(Incoming.from(B, "xxyyz").gro(2));
            sender.send();
        }
        assertEquals(List.of("aa", "bb", "c"), sender.arrived());
    }

    @Test
    void payloadOfAClosedBatchIsRefused() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabb").gro(2));
        var datagram = receiver.next();
        var segment = datagram.segment();
        var offset = datagram.offset();
        receiver.batch.close();
        assertThrows(IllegalStateException.class, () -> sender.batch.add(segment, offset, 2, A));
        assertThrows(IllegalStateException.class, () -> sender.batch.borrowFrom(receiver.batch));
        assertEquals(0, sender.batch.pendingDatagrams());
    }

    @Test
    void anAddByAnotherThreadIsRefusedWithinARun() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabbcc").gro(2));
        var datagram = receiver.next();
        var segment = datagram.segment();
        var behind = datagram.offset() + datagram.length();
        sender.batch.add(datagram, A);
        var added = CompletableFuture.supplyAsync(() -> sender.batch.add(segment, behind, 2, A));
        var failure = assertThrows(CompletionException.class, added::join);
        assertInstanceOf(WrongThreadException.class, failure.getCause());
        assertEquals(1, sender.batch.pendingDatagrams());
    }

    @Test
    void anArrayAtTheSameOffsetIsNotTakenForPayload() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabbcc").gro(2));
        sender.batch.add(receiver.next(), A);
        sender.batch.add(Traffic.bytes("..xxyy"), 2, 2, A);
        sender.send();
        assertEquals(List.of("aa", "xx"), sender.arrived());
    }

    @Test
    void aRangeOutsideTheReceiveBatchIsRefused() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabb").gro(2));
        var segment = receiver.next().segment();
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(segment, segment.byteSize() - 1, 2, A));
    }

    @Test
    void aRangeOutsideTheReceiveBatchIsRefusedWithinARun() throws SyscallException {
        try (var small = new ScriptedReceiver(1, 8)) {
            sender.batch.borrowFrom(small.batch);
            small.receive(Incoming.from(B, "aabb").gro(2));
            var datagram = small.next();
            var segment = datagram.segment();
            sender.batch.add(datagram, A);
            for (long at = datagram.offset() + 2; at < segment.byteSize(); at += 2) {
                sender.batch.add(segment, at, 2, A);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(segment, segment.byteSize(), 2, A));
            sender.send();
            assertEquals(List.of("aa", "bb"), sender.arrived().subList(0, 2));
            assertEquals(segment.byteSize() / 2, sender.arrived().size());
        }
    }

    @Test
    void aNegativeLengthIsRefused() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabb").gro(2));
        receiver.next();
        var last = receiver.next();
        var end = last.offset() + last.length();
        assertThrows(
                IndexOutOfBoundsException.class, () -> sender.batch.add(last.segment(), end + 1, -1, A));
        assertEquals(0, sender.batch.pendingDatagrams());
    }

    @Test
    void aPartOfADatagramIsCopied() throws SyscallException {
        receiver.receive(Incoming.from(B, "aabbcc").gro(2));
        for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
            sender.batch.add(datagram.segment(), datagram.offset() + 1, 1, A);
        }
        sender.send();
        assertEquals(List.of("a", "b", "c"), sender.arrived());
        assertEquals(1, sender.kernel.sent().getFirst().vectors());
    }
}
