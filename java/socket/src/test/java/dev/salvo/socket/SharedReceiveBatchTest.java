package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One receive batch serves several sockets in turn, and never mixes their datagrams. */
@OnLoopback
record SharedReceiveBatchTest(Loopback loopback) {

    @Test
    void eachSocketDeliversItsOwnDatagrams() throws SyscallException {
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
    void datagramsThatWereNotReadAreDiscarded() throws SyscallException {
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
            assertEquals("four", Objects.requireNonNull(pair.in.next()).text());
            assertNull(pair.in.next());
        }
    }

    @Test
    void anEmptySocketLeavesTheBatchEmpty() throws SyscallException {
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
