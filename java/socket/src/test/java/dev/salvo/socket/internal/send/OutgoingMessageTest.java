package dev.salvo.socket.internal.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Trap 14, the rules of joining: datagrams of equal size join, a shorter one closes the message, an empty one never
 * joins, and a message has at most 64 datagrams and 65,000 bytes.
 */
@Tag("unit")
class OutgoingMessageTest {

    private final OutgoingMessage message = new OutgoingMessage();

    private void start(int length) {
        message.start(Destinations.Destination.NONE, new Pieces.Piece(), length, true);
    }

    @Test
    void equalSizesJoin() {
        start(100);
        assertTrue(message.accepts(100, 64));
        message.join(1, 100);
        assertEquals(2, message.datagrams);
        assertEquals(200, message.bytes);
        assertTrue(message.accepts(100, 64));
    }

    @Test
    void aLongerDatagramDoesNotJoin() {
        start(100);
        assertFalse(message.accepts(101, 64));
    }

    @Test
    void aShorterDatagramClosesTheMessage() {
        start(100);
        assertTrue(message.accepts(50, 64));
        message.join(1, 50);
        assertFalse(message.accepts(50, 64));
        assertFalse(message.accepts(100, 64));
        assertEquals(100, message.length(0));
        assertEquals(50, message.length(1));
    }

    @Test
    void emptyDatagramsNeverJoin() {
        start(100);
        assertFalse(message.accepts(0, 64));
    }

    @Test
    void aMessageThatMayNotGrowAcceptsNothing() {
        message.start(Destinations.Destination.NONE, new Pieces.Piece(), 0, false);
        assertFalse(message.accepts(0, 64));
        assertFalse(message.accepts(1, 64));
    }

    @Test
    void theSegmentLimitIsKept() {
        start(1);
        for (int i = 1; i < 64; i++) {
            assertTrue(message.accepts(1, 64), "segment " + i);
            message.join(1, 1);
        }
        assertFalse(message.accepts(1, 64));
        assertEquals(0, message.room(64));
        assertTrue(message.accepts(1, 65));
        assertEquals(64, message.room(128));
    }

    @Test
    void atMost65000BytesJoin() {
        start(32_500);
        assertTrue(message.accepts(32_500, 64));
        start(32_501);
        assertFalse(message.accepts(32_501, 64));
        assertTrue(message.accepts(32_499, 64));
    }
}
