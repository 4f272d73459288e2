package dev.salvo.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a datagram costs: system calls, and bytes of the heap. */
@Timeout(120)
class CountsTest {

    private static final int WINDOW = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Windows of one datagram, so that the JIT compiles what runs once a selection; and datagrams in whole windows. */
    private static final int WARM_UP_TURNS = 60_000;

    private static final int WARM_UP = 200_000;
    private static final int MEASURED = 200_000;

    private static DatagramChannel bound(ScriptedKernel kernel, String rule) throws Exception {
        return kernel.open(() -> Loop.bound(SalvoProvider.withSends(rule)));
    }

    /** The peer asks again when it has the answer, so the server waits for each question, or finds it there. */
    @Test
    @Tag("loopback")
    void aBlockingServerReceivesOnceForEachQuestion() throws Exception {
        var kernel = new ScriptedKernel();
        try (var server = bound(kernel, "held"); var peer = Loop.peer()) {
            var answering = Thread.ofPlatform().start(() -> answer(server, 100));
            for (int i = 0; i < 100; i++) {
                Loop.send(peer, server, "question " + i);
                assertEquals("question " + i, Loop.receive(peer));
            }
            answering.join();
            var received = kernel.calls(Syscall.RECVMMSG).size();
            assertTrue(received <= 110, received + " calls of recvmmsg for 100 questions");
            assertEquals(100, kernel.calls(Syscall.SENDTO).size());
            assertEquals(0, kernel.calls(Syscall.SENDMMSG).size());
        }
    }

    private static void answer(DatagramChannel server, int questions) {
        var buffer = ByteBuffer.allocateDirect(100);
        try {
            for (int i = 0; i < questions; i++) {
                var source = server.receive(buffer.clear());
                server.send(buffer.flip(), source);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A select loop, and a peer that has {@link #WINDOW} datagrams outstanding; both are this thread. */
    @ParameterizedTest
    @ValueSource(strings = {"held", "turn"})
    @Tag("allocation")
    void aSelectLoopAllocatesNothingForADatagram(String rule, TestReporter report) throws Exception {
        var provider = SalvoProvider.withSends(rule);
        try (var server = Loop.bound(provider);
                var selector = provider.openSelector();
                var peer = UdpSocket.open(StandardProtocolFamily.INET6);
                var out = SendBatch.open();
                var in = ReceiveBatch.open()) {
            server.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            peer.bind(SockAddr.of("::ffff:127.0.0.1", 0));
            var to = SockAddr.of((InetSocketAddress) server.getLocalAddress()).toIpv4Mapped();
            var buffer = ByteBuffer.allocateDirect(100);
            play(server, selector, buffer, peer, to, out, in, WARM_UP_TURNS, 1);
            play(server, selector, buffer, peer, to, out, in, WARM_UP, WINDOW);
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            var before = threads.getCurrentThreadAllocatedBytes();
            play(server, selector, buffer, peer, to, out, in, MEASURED, WINDOW);
            var each = (threads.getCurrentThreadAllocatedBytes() - before) / (double) MEASURED;
            report.publishEntry(rule + ": bytes a datagram", Double.toString(each));
            // An iterator for each selection, if the JIT leaves it, is 0.4 bytes; an entry of a set would be a whole
            // one.
            assertTrue(each < 0.5, each + " bytes a datagram");
        }
    }

    private static void play(DatagramChannel server, Selector selector, ByteBuffer buffer, UdpSocket peer, SockAddr to,
            SendBatch out, ReceiveBatch in, int datagrams, int window) throws IOException {
        for (int done = 0; done < datagrams; done += window) {
            for (int i = 0; i < window; i++) {
                out.add(buffer.clear().limit(64), to);
            }
            assertEquals(window, peer.send(out));
            out.clear();
            for (int answered = 0; answered < window;) {
                selector.select();
                for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
                    assertTrue(keys.next().isReadable());
                }
                for (var source = server.receive(buffer.clear()); source != null; source = server
                        .receive(buffer.clear())) {
                    server.send(buffer.flip(), source);
                    answered++;
                }
            }
            for (int back = 0; back < window;) {
                assertTrue(peer.awaitReadable(PATIENCE), "a datagram was lost");
                peer.receive(in);
                while (in.next() != null) {
                    back++;
                }
            }
        }
    }
}
