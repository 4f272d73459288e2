package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.net.StandardProtocolFamily;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Single datagrams by one sendto each, from ByteBuffers; and ByteBuffers in batches. */
@Tag("loopback")
class DirectSendTest {

    private static ByteBuffer part(ByteBuffer whole, String text) {
        whole.position(3).put(text.getBytes(StandardCharsets.US_ASCII));
        return whole.limit(whole.position()).position(3);
    }

    @Test
    void heapAndDirectBuffersAreSentFromTheirPositionToTheirLimit() throws Exception {
        try (var sender = UdpSocket.open(StandardProtocolFamily.INET);
                var receiver = UdpSocket.open(StandardProtocolFamily.INET);
                var in = ReceiveBatch.open();
                var out = SendBatch.open()) {
            receiver.bind(SockAddr.of("127.0.0.1", 0));
            for (var buffer : new ByteBuffer[]{part(ByteBuffer.allocate(20), "heap"),
                    part(ByteBuffer.allocateDirect(20), "direct"),
                    part(ByteBuffer.allocate(20), "read-only").asReadOnlyBuffer()}) {
                assertTrue(sender.send(buffer, receiver.localAddress()));
                assertTrue(out.add(buffer, receiver.localAddress()));
                assertEquals(1, sender.send(out));
                assertEquals(3, buffer.position());
                for (int i = 0; i < 2; i++) {
                    assertTrue(receiver.awaitReadable(null));
                    receiver.receive(in, 1);
                    var datagram = Objects.requireNonNull(in.next());
                    assertEquals(buffer.remaining(), datagram.length());
                    var copy = ByteBuffer.allocateDirect(9);
                    datagram.copyTo(1, 2, copy);
                    assertEquals(buffer.slice(4, 2), copy.flip());
                    assertThrows(IndexOutOfBoundsException.class,
                            () -> datagram.copyTo(1, datagram.length(), ByteBuffer.allocate(99)));
                    assertThrows(BufferOverflowException.class,
                            () -> datagram.copyTo(0, 2, ByteBuffer.allocate(1)));
                }
            }
            assertEquals(6, sender.statistics().datagramsSent());
        }
    }

    /** The kernel reports the first datagram's error to the second one, which is then not sent. */
    @Test
    void anEarlierDatagramsErrorIsThrown() throws Exception {
        try (var sender = UdpSocket.open(StandardProtocolFamily.INET)) {
            var gone = UdpSocket.open(StandardProtocolFamily.INET);
            gone.bind(SockAddr.of("127.0.0.1", 0));
            var address = gone.localAddress();
            gone.close();
            sender.connect(address);
            assertTrue(sender.send(ByteBuffer.wrap(new byte[1]), null));
            var thrown = assertThrows(SyscallException.class, () -> sender.send(ByteBuffer.wrap(new byte[1]), null));
            assertEquals(Errno.ECONNREFUSED, thrown.errno());
            assertTrue(sender.send(ByteBuffer.wrap(new byte[1]), null));
            // A batch sends it again, and tells what it has cleared.
            try (var out = SendBatch.open()) {
                out.add(new byte[1], null);
                assertEquals(1, sender.send(out));
                assertEquals(0, out.failures().size());
                assertEquals(Errno.ECONNREFUSED, sender.takeClearedError());
                assertEquals(0, sender.takeClearedError());
            }
        }
    }

    @Test
    void aFullSocketIsNoErrorAndALongDatagramIsRefused() throws Exception {
        var kernel = new ScriptedKernel();
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.always(Syscall.SENDTO, call -> -Errno.EAGAIN);
            var to = SockAddr.of("127.0.0.1", 9);
            assertFalse(socket.send(ByteBuffer.allocate(1), to));
            assertEquals(1, socket.statistics().sendsBlocked());
            assertThrows(IllegalArgumentException.class, () -> socket.send(ByteBuffer.allocate(65_536), to));
        }
    }
}
