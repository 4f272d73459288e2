package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.lang.foreign.ValueLayout;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A datagram is valid until its batch moves on, is received into again or is closed. A copy stays valid. */
@OnLoopback
record DatagramLifetimeTest(Loopback loopback) {

    private static Datagram first(Pair pair, String... payloads) throws SyscallException {
        pair.add(payloads).send();
        assertTrue(pair.receiver.awaitReadable(null));
        pair.receiver.receive(pair.in);
        return Objects.requireNonNull(pair.in.next());
    }

    private static void assertGone(Datagram datagram) {
        List<Executable> uses = List.of(
                datagram::segment,
                datagram::offset,
                datagram::length,
                datagram::source,
                datagram::truncated,
                () -> datagram.get(0),
                () -> datagram.copyTo(new byte[10]),
                datagram::bytes,
                datagram::text,
                datagram::asByteBuffer,
                datagram::copy);
        uses.forEach(use -> assertThrows(IllegalStateException.class, use));
        assertEquals("datagram (gone)", datagram.toString());
    }

    @Test
    void aDatagramIsInvalidAfterTheLast() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "a", "bb");
            assertSame(datagram, pair.in.next());
            assertEquals(2, datagram.length());
            assertNull(pair.in.next());
            assertGone(datagram);
        }
    }

    @Test
    void aDatagramIsInvalidAfterTheNextReceive() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "a", "b");
            assertEquals(0, pair.receiver.receive(pair.in));
            assertGone(datagram);
            assertThrows(IllegalStateException.class, pair.in::control);
        }
    }

    @Test
    void aDatagramIsInvalidAfterAReceiveOfAnotherSocket() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "a", "b");
            pair.sender.receive(pair.in);
            assertGone(datagram);
        }
    }

    @Test
    void aDatagramIsInvalidOnceTheBatchIsClosed() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "a", "b");
            var slice = datagram.segment().asSlice(datagram.offset(), datagram.length());
            var buffer = datagram.asByteBuffer();
            assertEquals('a', slice.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals('a', buffer.get(0));
            pair.in.close();
            assertGone(datagram);
            assertThrows(IllegalStateException.class, () -> slice.get(ValueLayout.JAVA_BYTE, 0));
            assertThrows(IllegalStateException.class, () -> buffer.get(0));
        }
    }

    @Test
    void anInvalidDatagramCannotBeAdded() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "a");
            pair.in.next();
            assertThrows(IllegalStateException.class, () -> pair.out.add(datagram, pair.to));
            assertEquals(0, pair.out.pendingDatagrams());
        }
    }

    @Test
    void aCopyStaysValid() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "abc", "other");
            var copy = datagram.copy();
            assertNotSame(datagram, copy);
            pair.in.next();
            pair.in.next();
            pair.in.close();
            assertEquals(3, copy.length());
            assertEquals(0, copy.offset());
            assertEquals('c', copy.get(2));
            assertArrayEquals(Traffic.bytes("abc"), copy.bytes());
            assertEquals(pair.sender.localAddress(), copy.source());
            assertEquals("datagram of 3 bytes from " + pair.sender.localAddress(), copy.toString());
            assertArrayEquals(Traffic.bytes("abc"), copy.copy().bytes());
            Traffic.add(pair.out, pair.to, "before");
            assertTrue(pair.out.add(copy, pair.to));
            assertEquals(2, pair.send());
        }
    }

    @Test
    void bytesOutsideADatagramCannotBeRead() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var datagram = first(pair, "abc");
            assertThrows(IndexOutOfBoundsException.class, () -> datagram.get(3));
            assertThrows(IndexOutOfBoundsException.class, () -> datagram.get(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> datagram.copyTo(new byte[2]));
            assertArrayEquals(Traffic.bytes("abc"), datagram.bytes());
            assertEquals("abc", datagram.text());
            var buffer = datagram.asByteBuffer();
            assertEquals(3, buffer.remaining());
            assertThrows(ReadOnlyBufferException.class, () -> buffer.put(0, (byte) 0));
        }
    }
}
