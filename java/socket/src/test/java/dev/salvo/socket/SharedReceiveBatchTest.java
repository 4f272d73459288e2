package dev.salvo.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One receive batch serves several sockets, one after the other: nothing of one shows at another. */
@OnLoopback
record SharedReceiveBatchTest(Loopback loopback) {

    @Test
    void eachSocketBringsItsOwn() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound()) {
            pair.add("one", "two", "three").send();
            Traffic.add(pair.out, second.localAddress(), "four");
            pair.send();
            assertEquals(List.of("one", "two", "three"), Traffic.texts(pair.receive(3)));
            assertEquals(List.of("four"), Traffic.texts(Traffic.receive(second, pair.in, 1)));
            assertEquals(3, pair.receiver.statistics().datagramsReceived());
            assertEquals(1, second.statistics().datagramsReceived());
        }
    }

    @Test
    void whatWasNotWalkedIsDropped() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound()) {
            pair.add("one", "two", "three").send();
            Traffic.add(pair.out, second.localAddress(), "four");
            pair.send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(3, pair.receiver.receive(pair.in));
            assertEquals(3, Objects.requireNonNull(pair.in.next()).length());
            assertTrue(second.awaitReadable(null));
            assertEquals(1, second.receive(pair.in));
            assertEquals("four", new String(Traffic.bytes(Objects.requireNonNull(pair.in.next())), UTF_8));
            assertNull(pair.in.next());
        }
    }

    @Test
    void aSocketWithNothingLeavesTheBatchEmpty() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound()) {
            pair.add("one", "two").send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(2, pair.receiver.receive(pair.in));
            assertEquals(0, second.receive(pair.in));
            assertNull(pair.in.next());
        }
    }
}
