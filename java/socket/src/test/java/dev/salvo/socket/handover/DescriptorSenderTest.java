package dev.salvo.socket.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.OpenSockets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The result of a send, to peers that accept the descriptors and to those that don't. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorSenderTest {

    private static final int EPIPE = Linux.EPIPE();
    private static final Duration SHORT = Duration.ofMillis(50);

    private final HandoverFolder handover = new HandoverFolder();
    private Map<String, String> before = Map.of();

    DescriptorSenderTest() throws IOException {}

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

    private ServerSocketChannel listen(int backlog) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(handover.socket), backlog);
    }

    private void send(Duration timeout, int... descriptors) throws IOException {
        DescriptorSender.send(handover.socket, timeout, descriptors);
    }

    private int failsWith(int... descriptors) {
        return assertThrows(SyscallException.class, () -> send(HandoverFolder.PATIENCE, descriptors)).errno();
    }

    @Test
    void withoutAListenerTheSendFails() throws IOException {
        assertEquals(Errno.ENOENT, failsWith(0));
        listen(1).close();
        assertEquals(Errno.ECONNREFUSED, failsWith(0));
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() throws IOException {
        try (var peer = listen(1)) {
            assertTrue(peer.isOpen());
            assertEquals(Errno.EBADF, failsWith(0, -1));
        }
    }

    @Test
    void aPeerThatClosesWithoutReadingFailsTheSend() throws Exception {
        try (var peer = listen(1)) {
            var sent = handover.send(0);
            peer.accept().close();
            // EPIPE if it closed before the message was sent.
            assertTrue(sent.join() instanceof SyscallException e
                    && (e.errno() == Errno.ECONNRESET || e.errno() == EPIPE), () -> "thrown: " + sent.join());
        }
    }

    @Test
    void aPeerThatReadsAndClosesHasTheDescriptors() throws Exception {
        try (var peer = listen(1)) {
            var sent = handover.send(0);
            try (var connection = peer.accept()) {
                assertEquals(1, connection.read(ByteBuffer.allocate(2)));
            }
            assertEquals(null, sent.join());
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {DescriptorReceiver.ACK, DescriptorReceiver.NAK, 'k'})
    void onlyANakFailsTheSend(byte answer) throws Exception {
        try (var peer = listen(1)) {
            var sent = handover.send(0);
            try (var connection = peer.accept()) {
                connection.read(ByteBuffer.allocate(2));
                connection.write(ByteBuffer.wrap(new byte[]{answer}));
                var thrown = sent.join();
                assertEquals(answer == DescriptorReceiver.NAK, thrown != null, () -> "thrown: " + thrown);
            }
        }
    }

    @Test
    void aPeerThatNeverAnswersTimesOut() throws IOException {
        try (var peer = listen(1)) {
            var begin = System.nanoTime();
            assertThrows(SocketTimeoutException.class, () -> send(SHORT, 0));
            assertTrue(System.nanoTime() - begin >= SHORT.toNanos());
            assertTrue(peer.isOpen());
        }
    }

    /** To the kernel a timeout of 0 microseconds is infinite. */
    @ParameterizedTest
    @ValueSource(longs = {50_000_000, 1})
    void aBacklogThatStaysFullTimesOut(long nanos) throws IOException {
        try (var peer = listen(1);
                var first = SocketChannel.open(UnixDomainSocketAddress.of(handover.socket));
                var second = SocketChannel.open(UnixDomainSocketAddress.of(handover.socket))) {
            assertTrue(peer.isOpen() && first.isConnected() && second.isConnected());
            var thrown = assertThrows(SocketTimeoutException.class, () -> send(Duration.ofNanos(nanos), 0));
            assertTrue(String.valueOf(thrown.getMessage()).contains("backlog"), thrown::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65})
    void noneAndTooManyAreRefused(int count) {
        assertThrows(IllegalArgumentException.class, () -> send(HandoverFolder.PATIENCE, new int[count]));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aTimeoutIsAboveZero(long nanos) {
        assertThrows(IllegalArgumentException.class, () -> send(Duration.ofNanos(nanos), 0));
    }
}
