package dev.salvo.socket.handover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.OpenSockets;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Python;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptors sent to {@code socket.recv_fds} and received from {@code socket.send_fds} of a Python process. */
@Tag("interop")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandoverPythonTest {

    private static final String ROOT = "0";
    private static final String NOBODY = "65534";

    private final HandoverFolder handover = new HandoverFolder();

    HandoverPythonTest() throws IOException {}

    @AfterEach
    void removeFolder() throws IOException {
        handover.close();
    }

    private static String self() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    }

    /** Only root can become another user. Other users skip the test; CI runs as root, and there it fails instead. */
    private static void requireRoot() throws IOException {
        if (!self().equals(ROOT)) {
            var message = "needs root, to become another user; this is user " + self();
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
    }

    @Test
    void pythonBindsAndSalvoServes() throws Exception {
        try (var receiver = DescriptorReceiver.listen(handover.socket);
                var python = Python.start("send", handover.socket.toString(), "1", self())) {
            var numbers = receiver.receive(HandoverFolder.PATIENCE);

            assertEquals(1, numbers.size());
            try (var taken = UdpSocket.adopt(numbers.getFirst());
                    var batch = ReceiveBatch.open(1);
                    var client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                var port = python.number();
                assertEquals(List.of("06"), python.rest());
                assertEquals(SockAddr.of("127.0.0.1", port), taken.localAddress());
                var to = InetAddress.getLoopbackAddress();
                client.send(new DatagramPacket("hello".getBytes(UTF_8), 5, to, port));
                assertEquals(List.of("hello"), Traffic.texts(Traffic.receive(taken, batch, 1)));
            }
        }
    }

    @Test
    void salvoBindsAndPythonServes() throws Exception {
        try (var python = Python.start("receive", handover.socket.toString());
                var client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertEquals("listening", python.line());
            SockAddr address;
            try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
                socket.bind(SockAddr.of("127.0.0.1", 0));
                address = socket.localAddress();
                DescriptorSender.send(handover.socket, HandoverFolder.PATIENCE, socket.descriptor(),
                        socket.descriptor());
            }
            assertEquals(2, python.number());
            client.setSoTimeout(20_000);
            client.send(new DatagramPacket("hello".getBytes(UTF_8), 5, address.toInetSocketAddress()));
            var reply = new DatagramPacket(new byte[100], 100);
            client.receive(reply);
            assertEquals("HELLO", new String(reply.getData(), 0, reply.getLength(), UTF_8));
        }
    }

    @Test
    void moreThan64DescriptorsAreAllClosed() throws Exception {
        try (var receiver = DescriptorReceiver.listen(handover.socket)) {
            var before = OpenSockets.now();
            try (var python = Python.start("send", handover.socket.toString(), "65", self())) {
                var thrown = assertThrows(IOException.class, () -> receiver.receive(HandoverFolder.PATIENCE));

                assertTrue(String.valueOf(thrown.getMessage()).contains("sent more than 64"), thrown::toString);
                assertEquals(before, OpenSockets.now());
                python.line();
                assertEquals(List.of("15"), python.rest());
            }
        }
    }

    @Test
    void anotherUserIsRefusedBeforeReading() throws Exception {
        requireRoot();
        try (var receiver = DescriptorReceiver.listen(handover.socket)) {
            // Without this the file modes would already keep the other user out.
            Files.setPosixFilePermissions(handover.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(handover.socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            var before = OpenSockets.now();
            try (var python = Python.start("send", handover.socket.toString(), "1", NOBODY)) {
                var thrown = assertThrows(
                        SyscallException.class, () -> receiver.receive(HandoverFolder.PATIENCE));

                assertEquals(Errno.EACCES, thrown.errno());
                assertTrue(String.valueOf(thrown.getMessage()).contains("uid " + NOBODY), thrown::toString);
                assertEquals(before, OpenSockets.now());
                python.line();
                assertEquals(List.of("reset"), python.rest());
            }
        }
    }

    /** In a folder that others can write, another user can listen first. */
    @Test
    void nothingIsSentToAListenerOfAnotherUser() throws Exception {
        requireRoot();
        Files.setPosixFilePermissions(handover.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var python = Python.start("intercept", handover.socket.toString(), NOBODY)) {
            assertEquals("listening", python.line());
            var thrown = assertThrows(SyscallException.class,
                    () -> DescriptorSender.send(handover.socket, HandoverFolder.PATIENCE, 0));

            assertEquals(Errno.EACCES, thrown.errno());
            assertTrue(String.valueOf(thrown.getMessage()).contains("uid " + NOBODY), thrown::toString);
            assertEquals(List.of("0 0"), python.rest());
        }
    }

    @Test
    void aListenerOfAnotherUserThatIsTrustedGetsTheDescriptors() throws Exception {
        requireRoot();
        Files.setPosixFilePermissions(handover.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var python = Python.start("intercept", handover.socket.toString(), NOBODY)) {
            assertEquals("listening", python.line());
            DescriptorSender.send(handover.socket, peer -> peer.uid() == Integer.parseInt(NOBODY),
                    HandoverFolder.PATIENCE, 0, 1);
            assertEquals(List.of("1 2"), python.rest());
        }
    }
}
