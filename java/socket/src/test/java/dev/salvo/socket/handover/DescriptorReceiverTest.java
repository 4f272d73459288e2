package dev.salvo.socket.handover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Kernels;
import dev.salvo.socket.OpenSockets;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that send no descriptors: each is closed, none is waited for longer than the timeout, and no descriptor stays
 * open.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorReceiverTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final HandoverFolder handover = new HandoverFolder();
    private Map<String, String> before = Map.of();

    DescriptorReceiverTest() throws IOException {}

    @BeforeEach
    void countSockets() throws IOException {
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        before = OpenSockets.now();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        handover.close();
        assertEquals(before, OpenSockets.now());
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(handover.socket));
    }

    private static void assertLasted(long begin, Duration atLeast) {
        var lasted = System.nanoTime() - begin;
        assertTrue(lasted >= atLeast.toNanos(), "gave up after " + lasted + " ns");
        assertTrue(lasted < Duration.ofSeconds(10).toNanos(), "waited " + lasted + " ns");
    }

    @Test
    void withoutAPeerReceiveTimesOut() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket)) {
            var begin = System.nanoTime();
            assertThrows(SocketTimeoutException.class, () -> receiver.receive(SHORT));
            assertLasted(begin, SHORT);
            assertThrows(SocketTimeoutException.class, () -> receiver.receive(Duration.ZERO));
        }
    }

    @Test
    void aPeerThatSendsNothingTimesOut() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket);
                var peer = connect()) {
            var begin = System.nanoTime();
            var thrown = assertThrows(SocketTimeoutException.class, () -> receiver.receive(SHORT));
            assertLasted(begin, SHORT);
            assertTrue(String.valueOf(thrown.getMessage()).contains("sent nothing"), thrown::toString);
            assertEquals(-1, peer.read(ByteBuffer.allocate(1)), "the connection was kept");
        }
    }

    @Test
    void aPeerThatClosesIsAnEndOfFile() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket)) {
            connect().close();
            assertThrows(EOFException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
        }
    }

    @Test
    void aPeerThatSendsOnlyBytesIsRefused() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket);
                var peer = connect()) {
            peer.write(ByteBuffer.wrap("no descriptors here".getBytes(UTF_8)));
            var thrown = assertThrows(IOException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
            assertTrue(String.valueOf(thrown.getMessage()).contains("sent no descriptors"), thrown::toString);
            var answer = ByteBuffer.allocate(2);
            assertEquals(1, peer.read(answer));
            assertEquals(DescriptorReceiver.NAK, answer.get(0));
            assertEquals(-1, peer.read(answer));
        }
    }

    @Test
    void theNextPeerIsServedAfterAFailure() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket);
                var silent = connect()) {
            connect().close();
            var sent = handover.send(0);
            assertThrows(SocketTimeoutException.class, () -> receiver.receive(SHORT));
            assertThrows(EOFException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
            var numbers = receiver.receive(HandoverFolder.PATIENCE);
            assertEquals(1, numbers.size());
            numbers.forEach(Kernels.current()::close);
            assertNull(sent.join());
            assertTrue(silent.isOpen());
        }
    }

    @Test
    void anotherThreadIsRefused() throws IOException {
        var receiver = DescriptorReceiver.listen(handover.socket);
        connect().close();
        assertThrows(WrongThreadException.class, () -> elsewhere(() -> receiver.receive(SHORT)));
        assertThrows(WrongThreadException.class, () -> elsewhere(receiver::close));
        assertTrue(Files.exists(handover.socket), "a thread that is not the owner removed the file");
        assertThrows(EOFException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
        receiver.close();
    }

    @Test
    void aClosedReceiverRefusesReceive() throws IOException {
        var receiver = DescriptorReceiver.listen(handover.socket);
        receiver.close();
        receiver.close();
        assertThrows(IllegalStateException.class, () -> receiver.receive(SHORT));
    }

    private interface Use {
        void run() throws IOException;
    }

    private static void elsewhere(Use use) throws Throwable {
        try {
            CompletableFuture.runAsync(() -> {
                try {
                    use.run();
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            }).join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }
}
