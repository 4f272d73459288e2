package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 8: recvmmsg's timeout of zero returns one message at the most, and any other is looked at only after a datagram.
 * So without one: nothing there returns at once, and one call brings all that is there.
 */
@OnLoopback
record NonBlockingReceiveTest(Loopback loopback) {

    @Test
    void withNothingThereItReturnsAtOnce() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            try (var pair = new Pair(loopback)) {
                assertEquals(0, pair.receiver.receive(pair.in));
                assertNull(pair.in.next());
            }
        });
    }

    @Test
    void oneCallBringsAll() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            assertEquals(10, pair.add(10, 100).send());
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(10, pair.receiver.receive(pair.in));
            assertEquals(0, pair.receiver.receive(pair.in));
        }
    }

    @Test
    void noMoreThanItWasAskedFor() throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(2)) {
            pair.add(10, 100).send();
            assertEquals(3, pair.receiver.receive(pair.in, 3));
            assertEquals(2, pair.receiver.receive(small));
            assertEquals(2, pair.receiver.receive(small, 1000));
            assertEquals(3, pair.receiver.receive(pair.in, 1000));
        }
    }

    /** The kernel takes the count as unsigned and caps it at 1,024, far beyond the slots that there are. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aCountBelowOneIsRefused(int count) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertThrows(IllegalArgumentException.class, () -> pair.receiver.receive(pair.in, count));
        }
    }

    @Test
    void waitingEndsWhenTheTimeIsUp() throws SyscallException {
        try (var socket = loopback.bound()) {
            var start = System.nanoTime();
            assertFalse(socket.awaitReadable(Duration.ofMillis(50)));
            assertTrue(System.nanoTime() - start >= 50_000_000);
            assertFalse(socket.awaitReadable(Duration.ZERO));
            assertFalse(socket.awaitReadable(Duration.ofMillis(-1)));
        }
    }
}
