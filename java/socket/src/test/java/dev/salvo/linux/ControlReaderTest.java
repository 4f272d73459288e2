package dev.salvo.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 12, reading: a header of 16 bytes, the next header at a multiple of 8, and a cmsg_len that counts header and
 * data but not the padding. The bytes are written by hand.
 */
@Tag("unit")
class ControlReaderTest {

    private final MemorySegment memory = MemorySegment.ofArray(new long[16]);
    private final ControlReader reader = new ControlReader();

    private void header(long at, long length, int level, int type) {
        memory.set(JAVA_LONG_UNALIGNED, at, length);
        memory.set(JAVA_INT_UNALIGNED, at + 8, level);
        memory.set(JAVA_INT_UNALIGNED, at + 12, type);
    }

    @Test
    void aNewReaderHasNoMessages() {
        assertFalse(reader.next());
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getByte(0));
    }

    @Test
    void emptyMemoryHasNoMessages() {
        reader.reset(memory, 0, 0);
        assertFalse(reader.next());
    }

    @Test
    void oneMessageIsRead() {
        header(0, 20, 17, 104);
        memory.set(JAVA_INT_UNALIGNED, 16, 1200);
        reader.reset(memory, 0, 24);
        assertTrue(reader.next());
        assertEquals(17, reader.level());
        assertEquals(104, reader.type());
        assertTrue(reader.is(17, 104));
        assertFalse(reader.is(17, 103));
        assertFalse(reader.is(0, 104));
        assertEquals(4, reader.dataLength());
        assertEquals(1200, reader.getInt(0));
        assertFalse(reader.next());
    }

    @Test
    void theNextMessageBeginsAfterThePadding() {
        header(0, 17, 0, 1);
        memory.set(JAVA_BYTE, 16, (byte) 0xab);
        header(24, 24, 1, 2);
        memory.set(JAVA_LONG_UNALIGNED, 40, Long.MIN_VALUE);
        reader.reset(memory, 0, 48);
        assertTrue(reader.next());
        assertEquals(1, reader.dataLength());
        assertEquals((byte) 0xab, reader.getByte(0));
        assertTrue(reader.next());
        assertTrue(reader.is(1, 2));
        assertEquals(Long.MIN_VALUE, reader.getLong(0));
        assertFalse(reader.next());
    }

    @Test
    void theLastMessageNeedsNoPadding() {
        header(0, 17, 0, 1);
        reader.reset(memory, 0, 17);
        assertTrue(reader.next());
        assertFalse(reader.next());
    }

    @Test
    void aMessageMayHaveNoData() {
        header(0, 16, 0, 1);
        header(16, 16, 0, 2);
        reader.reset(memory, 0, 32);
        assertTrue(reader.next());
        assertEquals(0, reader.dataLength());
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getByte(0));
        assertTrue(reader.next());
        assertEquals(2, reader.type());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, -1, Long.MIN_VALUE, 25, Long.MAX_VALUE, Long.MAX_VALUE - 7})
    void anInvalidLengthEndsTheWalk(long length) {
        header(0, length, 0, 1);
        reader.reset(memory, 0, 24);
        assertFalse(reader.next());
        assertFalse(reader.next());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 15})
    void aTruncatedHeaderEndsTheWalk(int length) {
        header(0, 16, 0, 1);
        reader.reset(memory, 0, length);
        assertFalse(reader.next());
    }

    @Test
    void dataIsNotReadBeyondItsEnd() {
        header(0, 20, 0, 1);
        reader.reset(memory, 0, 64);
        assertTrue(reader.next());
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getByte(4));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getByte(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getInt(1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getInt(Long.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getLong(0));
    }

    @Test
    void resetDiscardsTheDataOfTheLastWalk() {
        header(0, 20, 0, 1);
        reader.reset(memory, 0, 24);
        assertTrue(reader.next());
        reader.reset(memory, 0, 0);
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getByte(0));
    }

    @Test
    void resetRefusesARangeOutsideTheMemory() {
        assertThrows(IndexOutOfBoundsException.class, () -> reader.reset(memory, 0, 129));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.reset(memory, -8, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.reset(memory, 128, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.reset(memory, 8, Long.MAX_VALUE));
    }
}
