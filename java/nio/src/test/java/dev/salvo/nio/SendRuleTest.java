package dev.salvo.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the rule, every send arrives, in order, and none waits for the program to do something. */
@Tag("loopback")
@Timeout(60)
class SendRuleTest {

    private static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** The server answers, and does nothing more until the peer has the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"held", "turn", "sync"})
    void anAnswerLeavesThoughTheServerSleeps(String rule) throws Exception {
        try (var server = Loop.bound(SalvoProvider.withSends(rule)); var peer = Loop.peer()) {
            var received = new CountDownLatch[20];
            for (int i = 0; i < received.length; i++) {
                received[i] = new CountDownLatch(1);
                Loop.send(peer, server, "question " + i);
            }
            var reader = Thread.ofPlatform().start(() -> {
                for (var each : received) {
                    assertAnswer(peer);
                    each.countDown();
                }
            });
            var buffer = ByteBuffer.allocate(100);
            for (var each : received) {
                var source = server.receive(buffer.clear());
                server.send(buffer.flip(), source);
                assertTrue(each.await(10, TimeUnit.SECONDS), "the answer has not left");
            }
            reader.join();
        }
    }

    private static void assertAnswer(DatagramChannel peer) {
        try {
            assertTrue(Objects.requireNonNull(Loop.receive(peer)).startsWith("question "));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A program that takes what it has read ahead at once has its answers joined. */
    @Test
    void theAnswersToWhatWasReadAheadAreJoined() throws Exception {
        try (var server = Loop.bound(SalvoProvider.withSends("held")); var peer = Loop.peer()) {
            server.configureBlocking(false);
            peer.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            var buffer = ByteBuffer.allocateDirect(100);
            // The first batches show that the program is quick; how quick a test machine is, varies.
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 50; i++) {
                    Loop.send(peer, server, "question");
                }
                for (var source = server.receive(buffer.clear()); source != null; source = server
                        .receive(buffer.clear())) {
                    server.send(buffer.flip(), source);
                }
                for (int i = 0; i < 50; i++) {
                    assertEquals("question", Loop.receive(peer));
                }
            }
            var statistics = SalvoProvider.statistics(server);
            assertEquals(2_500, statistics.datagramsSent());
            assertTrue(statistics.sendCalls() < 2_000, () -> statistics.sendCalls() + " calls");
        }
    }

    /** The thread that answers is known; another one sends at once, and flushes first. */
    @Test
    void whatAnotherThreadSendsComesAfterTheAnswersThatWait() throws Exception {
        try (var server = Loop.bound(SalvoProvider.withSends("held"));
                var peer = Loop.peer();
                var other = Executors.newSingleThreadExecutor()) {
            server.configureBlocking(false);
            var buffer = ByteBuffer.allocateDirect(100);
            var waited = 0;
            for (int round = 0; round < 200; round++) {
                // A batch that is taken quickly, after which answers wait.
                Loop.send(peer, server, "a", "b", "c", "d");
                for (var source = server.receive(buffer.clear()); source != null; source = server
                        .receive(buffer.clear())) {
                    server.send(buffer.flip(), source);
                }
                for (int i = 0; i < 4; i++) {
                    Loop.receive(peer);
                }
                Loop.send(peer, server, "answer 0", "answer 1", "answer 2", "answer 3");
                var before = SalvoProvider.statistics(server).sendCalls();
                for (int i = 0; i < 3; i++) {
                    var source = server.receive(buffer.clear());
                    server.send(buffer.flip(), source);
                }
                waited += SalvoProvider.statistics(server).sendCalls() == before ? 1 : 0;
                other.submit(() -> {
                    Loop.send(server, peer, "other");
                    return null;
                }).get();
                var source = server.receive(buffer.clear());
                server.send(buffer.flip(), source);
                for (var expected : List.of("answer 0", "answer 1", "answer 2", "other", "answer 3")) {
                    assertEquals(expected, Loop.receive(peer));
                }
            }
            assertTrue(waited > 0, "no answer has waited");
        }
    }

    @Test
    void inTurnSendsLeaveWithTheNextSelection() throws Exception {
        var provider = SalvoProvider.withSends("turn");
        try (var channel = Loop.bound(provider); var peer = Loop.peer(); var selector = provider.openSelector()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 20; i++) {
                    Loop.send(channel, peer, "a");
                }
                selector.selectNow();
                for (int i = 0; i < 20; i++) {
                    assertEquals("a", Loop.receive(peer));
                }
            }
            var statistics = SalvoProvider.statistics(channel);
            assertEquals(400, statistics.datagramsSent());
            assertTrue(statistics.sendCalls() < 200, () -> statistics.sendCalls() + " calls");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"held", "turn", "sync"})
    void theSendsOfFourThreadsAllArriveInTheOrderOfEach(String rule) throws Exception {
        var count = 2_000;
        try (var channel = Loop.bound(SalvoProvider.withSends(rule)); var peer = Loop.peer()) {
            peer.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                var name = "thread " + t + ": ";
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < count; i++) {
                            Loop.send(channel, peer, name + i);
                        }
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            var next = new int[4];
            for (int i = 0; i < 4 * count; i++) {
                var text = Objects.requireNonNull(Loop.receive(peer));
                var t = text.charAt(7) - '0';
                assertEquals("thread " + t + ": " + next[t]++, text);
            }
            for (var thread : threads) {
                thread.join();
            }
            assertEquals(List.of(count, count, count, count), Arrays.stream(next).boxed().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"held", "turn", "sync"})
    void nothingIsLeftBehindByCloseOrExit(String rule) throws Exception {
        for (var way : List.of("close", "exit", "end")) {
            try (var peer = Loop.peer()) {
                peer.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
                assertEquals(0, Child.run(Sender.class, rule, way, Integer.toString(port(peer))));
                peer.configureBlocking(false);
                var came = 0;
                while (Loop.receive(peer) != null) {
                    came++;
                }
                assertEquals(1_000, came, way);
            }
        }
    }

    /** Sends a thousand datagrams, and ends in one of three ways. */
    static final class Sender {

        private Sender() {}

        public static void main(String[] arguments) throws Exception {
            var to = Loop.address(Integer.parseInt(arguments[2]));
            var channel = Loop.bound(SalvoProvider.withSends(arguments[0]));
            for (int i = 0; i < 1_000; i++) {
                channel.send(Loop.bytes("number " + i), to);
            }
            switch (arguments[1]) {
                case "close" -> {
                    channel.close();
                    Runtime.getRuntime().halt(0);
                }
                case "exit" -> System.exit(0);
                default -> {
                }
            }
        }
    }

    @Test
    void aDatagramThatIsTooLongIsRefusedAtOnce() throws Exception {
        try (var channel = Loop.bound(SalvoProvider.withSends("turn")); var peer = Loop.peer()) {
            assertThrows(SocketException.class,
                    () -> channel.send(ByteBuffer.allocate(65_508), peer.getLocalAddress()));
        }
    }

    /** The first failure is logged, since the send has returned. The next send there throws its own. */
    @Test
    void aSendToADestinationThatFailedIsNotDeferredAgain() throws Exception {
        try (var channel = Loop.bound(SalvoProvider.withSends("turn"))) {
            var broadcast = new InetSocketAddress("127.255.255.255", 9);
            assertEquals(1, channel.send(Loop.bytes("x"), broadcast));
            channel.configureBlocking(false);
            assertThrows(SocketException.class, () -> channel.send(Loop.bytes("y"), broadcast));
        }
    }

    @Test
    void anUnknownRuleIsRefusedWithTheKnownOnes() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> SalvoProvider.withSends("later"));
        assertEquals("no rule for sends: later; there are held (the default), turn and sync", thrown.getMessage());
    }
}
