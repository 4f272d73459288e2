package dev.salvo.socket.internal.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.ControlReader;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Trap 12, writing: cmsg_len counts header and data (CMSG_LEN); the offset of the next header includes the padding
 * (CMSG_SPACE).
 */
@Tag("unit")
class ControlWriterTest {

    private final MemorySegment memory = MemorySegment.ofArray(new long[16]);
    private final ControlWriter writer = new ControlWriter();

    @Test
    void aShortHasLength18AndSpace24() {
        writer.reset(memory, 0, 24);
        writer.putShort(17, 103, (short) 1200);
        assertEquals(24, writer.length());
        assertEquals(18, memory.get(JAVA_LONG_UNALIGNED, 0));
        assertEquals(17, memory.get(JAVA_INT_UNALIGNED, 8));
        assertEquals(103, memory.get(JAVA_INT_UNALIGNED, 12));
        assertEquals(1200, memory.get(JAVA_SHORT_UNALIGNED, 16));
    }

    @Test
    void anIntHasLength20AndSpace24() {
        writer.reset(memory, 0, 24);
        writer.putInt(0, 2, 64);
        assertEquals(24, writer.length());
        assertEquals(20, memory.get(JAVA_LONG_UNALIGNED, 0));
        assertEquals(64, memory.get(JAVA_INT_UNALIGNED, 16));
    }

    @Test
    void threeIntsHaveLength28AndSpace32() {
        writer.reset(memory, 0, 32);
        writer.putInts(1, 1, 5, 6, 7);
        assertEquals(32, writer.length());
        assertEquals(28, memory.get(JAVA_LONG_UNALIGNED, 0));
        assertEquals(5, memory.get(JAVA_INT_UNALIGNED, 16));
        assertEquals(7, memory.get(JAVA_INT_UNALIGNED, 24));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.putInts(1, 1));
    }

    @Test
    void writtenMessagesReadBack() {
        writer.reset(memory, 8, 120);
        writer.putShort(17, 103, (short) -1);
        writer.putInt(0, 2, 64);
        writer.putShort(41, 67, (short) 7);
        assertEquals(72, writer.length());
        var reader = new ControlReader();
        reader.reset(memory, 8, writer.length());
        assertTrue(reader.next());
        assertTrue(reader.is(17, 103));
        assertEquals(2, reader.dataLength());
        assertEquals(-1, reader.getByte(0));
        assertTrue(reader.next());
        assertEquals(64, reader.getInt(0));
        assertTrue(reader.next());
        assertTrue(reader.is(41, 67));
        assertFalse(reader.next());
    }

    @Test
    void withoutRoomNothingIsWritten() {
        memory.fill((byte) 0x5a);
        writer.reset(memory, 0, 47);
        writer.putInt(0, 2, 64);
        assertThrows(IndexOutOfBoundsException.class, () -> writer.putShort(17, 103, (short) 100));
        assertEquals(24, writer.length());
        for (int i = 24; i < memory.byteSize(); i++) {
            assertEquals(0x5a, memory.get(JAVA_BYTE, i));
        }
    }

    @Test
    void aNewWriterHasNoRoom() {
        assertThrows(IndexOutOfBoundsException.class, () -> new ControlWriter().putInt(0, 2, 64));
        assertEquals(0, new ControlWriter().length());
    }

    @Test
    void resetStartsOver() {
        writer.reset(memory, 0, 24);
        writer.putInt(0, 2, 64);
        writer.reset(memory, 0, 24);
        assertEquals(0, writer.length());
        writer.putInt(0, 2, 65);
        assertEquals(24, writer.length());
    }

    @Test
    void resetRefusesARangeOutsideTheMemory() {
        assertThrows(IndexOutOfBoundsException.class, () -> writer.reset(memory, 0, 129));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.reset(memory, -1, 8));
    }
}
