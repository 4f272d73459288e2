package dev.salvo.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One selector for Salvo's channels and the JDK's, and for what has left the kernel. */
@Tag("loopback")
@Timeout(60)
class HybridSelectorTest {

    private final SalvoProvider provider = SalvoProvider.withSends("held");

    /** Once for all that was received; the selector goes on reporting what the program has not taken. */
    @Test
    void aChannelIsReadableAsLongAsItHoldsDatagrams() throws Exception {
        try (var channel = Loop.bound(provider); var peer = Loop.peer(); var selector = provider.openSelector()) {
            channel.configureBlocking(false);
            var key = channel.register(selector, SelectionKey.OP_READ, "attached");
            assertEquals(0, selector.selectNow());
            Loop.send(peer, channel, "a", "b", "c");
            for (var expected : new String[]{"a", "b", "c"}) {
                assertEquals(1, selector.select());
                assertEquals(Set.of(key), selector.selectedKeys());
                assertTrue(key.isReadable());
                assertEquals(expected, Loop.receive(channel));
                selector.selectedKeys().clear();
            }
            assertEquals(0, selector.selectNow());
            assertNull(Loop.receive(channel));
        }
    }

    /** Nobody is interested in what is held, so a selection waits; it ends when somebody is. */
    @Test
    void heldDatagramsAreReportedOnceTheInterestIsThere() throws Exception {
        try (var channel = Loop.bound(provider); var peer = Loop.peer(); var selector = provider.openSelector()) {
            channel.configureBlocking(false);
            var key = channel.register(selector, SelectionKey.OP_READ);
            Loop.send(peer, channel, "a", "b");
            assertEquals(1, selector.select());
            assertEquals("a", Loop.receive(channel));
            selector.selectedKeys().clear();
            key.interestOps(0);
            assertEquals(0, selector.select(50));
            key.interestOps(SelectionKey.OP_READ);
            assertEquals(1, selector.select());
            assertEquals("b", Loop.receive(channel));
        }
    }

    /** The thread that receives takes from the kernel what the selecting thread waits for. */
    @Test
    void aSelectionEndsThoughAnotherThreadReadAhead() throws Exception {
        try (var channel = Loop.bound(provider);
                var peer = Loop.peer();
                var selector = provider.openSelector();
                var executor = Executors.newSingleThreadExecutor()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            for (int round = 0; round < 200; round++) {
                var selected = executor.submit(() -> selector.select());
                Loop.send(peer, channel, "a", "b", "c");
                while (Loop.receive(channel) == null) {
                    Thread.onSpinWait();
                }
                assertEquals(1, selected.get(10, TimeUnit.SECONDS));
                selector.selectedKeys().clear();
                while (Loop.receive(channel) != null) {
                }
                selector.selectNow();
                selector.selectedKeys().clear();
            }
        }
    }

    @Test
    void tcpAndUdpShareASelector() throws Exception {
        try (var udp = Loop.bound(provider);
                var peer = Loop.peer();
                var selector = provider.openSelector();
                var server = provider.openServerSocketChannel()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
            var accepting = server.register(selector, SelectionKey.OP_ACCEPT, "tcp");
            udp.configureBlocking(false);
            var receiving = udp.register(selector, SelectionKey.OP_READ, "udp");
            assertSame(accepting, server.keyFor(selector));
            assertSame(receiving, udp.keyFor(selector));
            assertSame(selector, accepting.selector());
            try (var client = SocketChannel.open(server.getLocalAddress())) {
                Loop.send(peer, udp, "x");
                while (selector.selectedKeys().size() < 2) {
                    selector.select();
                }
                assertTrue(accepting.isAcceptable());
                selector.selectedKeys().clear();
                assertEquals("x", Loop.receive(udp));
                try (var accepted = server.accept()) {
                    accepted.configureBlocking(false);
                    accepted.register(selector, SelectionKey.OP_READ);
                    client.write(Loop.bytes("hello"));
                    assertEquals(1, selector.select());
                    assertEquals(5, accepted.read(ByteBuffer.allocate(9)));
                }
            }
            assertTrue(selector.selectNow() <= 1);
            accepting.cancel();
            assertFalse(accepting.isValid());
            // All keys are cancelled, those of the selector inside too.
            server.configureBlocking(true);
            selector.selectNow();
            assertNull(server.keyFor(selector));
            assertFalse(server.isRegistered());
        }
    }

    @Test
    @SuppressWarnings("try") // closed earlier
    void aTcpChannelThatIsClosedWhileRegisteredIsClosedByTheNextSelection() throws Exception {
        try (var selector = provider.openSelector(); var server = provider.openServerSocketChannel()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            var address = server.getLocalAddress();
            server.close();
            selector.selectNow();
            try (var again = provider.openServerSocketChannel()) {
                again.bind(address);
            }
        }
    }

    @Test
    void wakeupEndsAWaitAndTheNextOneIfThereIsNone() throws Exception {
        try (var selector = provider.openSelector(); var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = executor.submit(() -> selector.select());
            Thread.sleep(50);
            selector.wakeup();
            assertEquals(0, waiting.get(10, TimeUnit.SECONDS));
            selector.wakeup().wakeup();
            assertEquals(0, selector.select());
            assertEquals(0, selector.select(20));
        }
    }

    @Test
    void aConsumerIsCalledForEachReadyKeyAndSelectsNone() throws IOException {
        try (var channel = Loop.bound(provider); var peer = Loop.peer(); var selector = provider.openSelector()) {
            channel.configureBlocking(false);
            var key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            Loop.send(peer, channel, "a");
            var seen = new int[1];
            assertEquals(1, selector.select(ready -> {
                assertSame(key, ready);
                seen[0] = ready.readyOps();
            }));
            assertEquals(SelectionKey.OP_READ | SelectionKey.OP_WRITE, seen[0]);
            assertEquals(Set.of(), selector.selectedKeys());
        }
    }

    @Test
    void selectedKeysAreRemovedInAnyOrder() throws Exception {
        var channels = new ArrayList<DatagramChannel>();
        try (var selector = SalvoProvider.provider().openSelector(); var peer = Loop.peer()) {
            for (int i = 0; i < 5; i++) {
                var channel = Loop.bound(SalvoProvider.provider());
                channels.add(channel);
                channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                Loop.send(peer, channel, "a");
            }
            assertEquals(5, selector.selectNow());
            var selected = selector.selectedKeys();
            var left = new HashSet<>(selected);
            var keys = selected.iterator();
            for (int i = 0; keys.hasNext(); i++) {
                var key = keys.next();
                if (i % 2 == 0) {
                    keys.remove();
                    left.remove(key);
                }
            }
            assertEquals(2, left.size());
            assertEquals(left, selected);
            for (var channel : channels) {
                var key = channel.keyFor(selector);
                assertEquals(left.remove(key), selected.remove(key));
                assertEquals(left, selected);
            }
            assertEquals(5, selector.selectNow());
        } finally {
            for (var channel : channels) {
                channel.close();
            }
        }
    }
}
