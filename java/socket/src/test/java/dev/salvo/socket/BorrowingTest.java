package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Incoming;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A send batch that borrows and the receive batch that lends may be used and closed in any order. */
@Tag("fault")
class BorrowingTest {

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

    private void receive(String message) throws SyscallException {
        receiver.receive(Incoming.from(B, message).gro(2));
    }

    private void answer(String message) throws SyscallException {
        receive(message);
        for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
            sender.batch.add(datagram, A);
        }
    }

    @Test
    void aMessageWithOptionsIsBorrowedToo() throws SyscallException {
        receive("aabbc");
        var options = new SendOptions().trafficClass(1);
        for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
            assertTrue(sender.batch.add(datagram, A, options));
        }
        assertEquals(1, receiver.batch.borrowers());
        receive("xxyyz");
        sender.send();
        assertEquals(List.of("aa", "bb", "c"), sender.arrived());
        assertEquals(1, sender.kernel.sent().getFirst().vectors());
    }

    @Test
    void aBatchThatIsSentRepeatedlyIsRegisteredOnce() throws SyscallException {
        receive("aabb");
        var datagram = receiver.next();
        for (int i = 0; i < 3; i++) {
            sender.batch.add(datagram, A);
            assertEquals(1, sender.send());
        }
        assertEquals(1, receiver.batch.borrowers());
        assertEquals(List.of("aa", "aa", "aa"), sender.arrived());
    }

    @Test
    void payloadBorrowedAfterASendIsCopiedBeforeTheNextReceive() throws SyscallException {
        receive("aabb");
        sender.batch.add(receiver.next(), A);
        sender.send();
        sender.batch.add(receiver.next(), A);
        receive("xxyy");
        sender.send();
        assertEquals(List.of("aa", "bb"), sender.arrived());
    }

    @Test
    void borrowingFromTheSameBatchTwiceChangesNothing() throws SyscallException {
        receive("aabb");
        sender.batch.add(receiver.next(), A);
        sender.batch.borrowFrom(receiver.batch);
        sender.batch.add(receiver.next(), A);
        receive("xxyy");
        sender.send();
        assertEquals(List.of("aa", "bb"), sender.arrived());
    }

    @Test
    void aReceiveIgnoresAClosedBorrower() throws SyscallException {
        answer("aabb");
        sender.batch.close();
        assertEquals(1, receiver.receive(Incoming.from(B, "xxyy").gro(2)));
        assertEquals(List.of("xx", "yy"), receiver.payloads());
        assertEquals(0, receiver.batch.borrowers());
    }

    @Test
    void aCloseIgnoresAClosedBorrower() throws SyscallException {
        answer("aabb");
        sender.batch.close();
        receiver.batch.close();
        assertEquals(0, receiver.batch.borrowers());
    }
}
