package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 8: with a timeout of zero recvmmsg returns at most one message, and any other timeout is checked only after a
 * datagram. Salvo passes none: an empty socket returns at once, and one call returns all queued datagrams.
 */
@OnLoopback
record NonBlockingReceiveTest(Loopback loopback) {

    @Test
    void anEmptySocketReturnsAtOnce() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            try (var pair = new Pair(loopback)) {
                assertEquals(0, pair.receiver.receive(pair.in));
                assertNull(pair.in.next());
            }
        });
    }

    @Test
    void oneCallReceivesAllQueuedDatagrams() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            assertEquals(10, pair.add(10, 100).send());
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(10, pair.receiver.receive(pair.in));
            assertEquals(0, pair.receiver.receive(pair.in));
        }
    }

    @Test
    void aCallReceivesNoMoreThanRequested() throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(2)) {
            pair.add(10, 100).send();
            assertEquals(3, pair.receiver.receive(pair.in, 3));
            assertEquals(2, pair.receiver.receive(small));
            assertEquals(2, pair.receiver.receive(small, 1000));
            assertEquals(3, pair.receiver.receive(pair.in, 1000));
        }
    }

    /** The kernel reads the count as unsigned and limits it to 1,024, far more than the batch has slots. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aCountBelowOneIsRefused(int count) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertThrows(IllegalArgumentException.class, () -> pair.receiver.receive(pair.in, count));
        }
    }

    @Test
    void awaitReadableEndsAtItsTimeout() throws SyscallException {
        try (var socket = loopback.bound()) {
            var start = System.nanoTime();
            assertFalse(socket.awaitReadable(Duration.ofMillis(50)));
            assertTrue(System.nanoTime() - start >= 50_000_000);
            assertFalse(socket.awaitReadable(Duration.ZERO));
            assertFalse(socket.awaitReadable(Duration.ofMillis(-1)));
        }
    }
}
