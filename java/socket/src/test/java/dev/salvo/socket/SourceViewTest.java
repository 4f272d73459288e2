package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The source of a datagram is a view that moves on with the walk. A view used too late throws instead of showing the
 * address of another datagram.
 */
@OnLoopback
record SourceViewTest(Loopback loopback) {

    private static SockAddr received(Pair pair, String... payloads) throws SyscallException {
        pair.add(payloads).send();
        assertTrue(pair.receiver.awaitReadable(null));
        pair.receiver.receive(pair.in);
        return Objects.requireNonNull(pair.in.next()).source();
    }

    private static void assertGone(SockAddr view, Pair pair) {
        assertThrows(IllegalStateException.class, view::port);
        assertThrows(IllegalStateException.class, view::copy);
        assertThrows(IllegalStateException.class, view::toInetSocketAddress);
        assertThrows(IllegalStateException.class, () -> Traffic.add(pair.out, view, "to whom?"));
        assertThrows(IllegalStateException.class, () -> pair.sender.connect(view));
        assertEquals(0, pair.out.pendingDatagrams());
    }

    @Test
    void theViewIsInvalidAfterTheLastDatagram() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var view = received(pair, "a");
            pair.in.next();
            assertGone(view, pair);
        }
    }

    @Test
    void theViewIsInvalidAfterTheNextReceive() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var view = received(pair, "a", "b");
            pair.receiver.receive(pair.in);
            assertGone(view, pair);
        }
    }

    @Test
    void theViewIsInvalidAfterTheClose() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var view = received(pair, "a", "b");
            pair.in.close();
            assertGone(view, pair);
        }
    }

    @Test
    void aCopyOfTheViewStaysValid() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var copy = received(pair, "a").copy();
            pair.in.close();
            assertEquals(pair.sender.localAddress(), copy);
            Traffic.add(pair.out, copy, "back");
            pair.receiver.send(pair.out);
        }
    }

    @Test
    void theViewFindsTheMapEntryOfEachPeer() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound()) {
            var kept = new HashMap<SockAddr, String>();
            kept.put(pair.sender.localAddress(), "first");
            kept.put(second.localAddress(), "second");
            pair.add("a").send();
            pair.add("b");
            second.send(pair.out);
            var view = received(pair, "c");
            assertEquals("first", kept.get(view));
            assertSame(view, Objects.requireNonNull(pair.in.next()).source());
            assertEquals("second", kept.get(view));
            assertNotEquals(pair.sender.localAddress(), view);
            Objects.requireNonNull(pair.in.next());
            assertEquals("first", kept.get(view));
        }
    }

    /** The batch copies the address, so the moving view does not change it: netty/netty#5233. */
    @Test
    void aBatchKeepsTheAddressNotTheView() throws SyscallException {
        try (var pair = new Pair(loopback);
                var second = loopback.bound();
                var replies = SendBatch.open()) {
            pair.add("one").send();
            pair.add("two");
            second.send(pair.out);
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(2, pair.receiver.receive(pair.in));
            for (var datagram = pair.in.next(); datagram != null; datagram = pair.in.next()) {
                assertTrue(replies.add(datagram, datagram.source()));
            }
            assertEquals(2, pair.receiver.send(replies));
            assertEquals(List.of("one"), Traffic.texts(Traffic.receive(pair.sender, pair.in, 1)));
            assertEquals(List.of("two"), Traffic.texts(Traffic.receive(second, pair.in, 1)));
        }
    }
}
