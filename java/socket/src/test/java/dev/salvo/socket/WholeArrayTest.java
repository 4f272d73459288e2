package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An array added without a range is one datagram, whatever its length. */
@Tag("fault")
class WholeArrayTest {

    private ScriptedSender sender;

    @BeforeEach
    void open() throws SyscallException {
        sender = new ScriptedSender();
    }

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void anEmptyArrayIsADatagramToo() {
        assertTrue(sender.batch.add(Traffic.bytes("ab"), A));
        assertTrue(sender.batch.add(new byte[0], A));
        assertTrue(sender.batch.add(Traffic.bytes("c"), null));
        assertEquals(3, sender.send());
        assertEquals(List.of("ab", ""), sender.arrived(A));
        assertEquals(List.of("c"), sender.arrived(null));
    }

    @Test
    void theArrayIsCopied() {
        var payload = Traffic.bytes("ab");
        sender.batch.add(payload, A);
        payload[0] = 'x';
        sender.batch.add(payload, A);
        payload[1] = 'y';
        sender.send();
        assertEquals(List.of("ab", "xb"), sender.arrived());
    }

    @Test
    void anArrayWithoutRoomIsNotAdded() {
        assertTrue(sender.batch.add(new byte[65_535], A));
        assertThrows(IllegalArgumentException.class, () -> sender.batch.add(new byte[65_536], A));
        for (int i = 1; i < 16; i++) {
            assertTrue(sender.batch.add(new byte[65_535], A));
        }
        assertTrue(sender.batch.add(new byte[16], A));
        assertFalse(sender.batch.add(new byte[1], A));
        assertEquals(17, sender.batch.pendingDatagrams());
    }

    @Test
    void anInvalidDestinationIsRefused() {
        assertThrows(IllegalStateException.class, () -> sender.batch.add(new byte[1], SockAddr.view()));
        assertEquals(0, sender.batch.pendingDatagrams());
    }
}
