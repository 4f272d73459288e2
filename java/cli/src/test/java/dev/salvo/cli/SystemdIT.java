package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./salvo echo} on a socket that systemd-socket-activate opened, started by the first datagram. */
@Tag("interop")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemdIT {

    private static int freePort() throws Exception {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Running activate(int port, String option) throws Exception {
        var salvo = Running.salvo("echo", option);
        var command = new ArrayList<>(List.of("systemd-socket-activate", "--datagram", "--listen",
                "127.0.0.1:" + port, "--fdname", "udp", "--setenv",
                "SALVO_JAVA_HOME=" + salvo.environment().get("SALVO_JAVA_HOME")));
        command.addAll(salvo.command());
        return Running.start(salvo.command(command));
    }

    private static String receive(DatagramSocket socket) throws Exception {
        var packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    /** Sends datagrams until one is not refused, because the port is bound. Returns its text and the reply. */
    private static List<String> firstExchange(DatagramSocket socket, Running echo) throws Exception {
        for (int i = 0;; i++) {
            var text = "datagram " + i;
            try {
                socket.send(new DatagramPacket(text.getBytes(UTF_8), text.length()));
                return List.of(text, receive(socket));
            } catch (PortUnreachableException e) {
                assertTrue(echo.process().isAlive(), "it ended");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--systemd", "--systemd=udp", "--fd=3"})
    void theDatagramThatStartsTheEchoIsAnswered(String option) throws Exception {
        Requires.program("systemd-socket-activate", "systemd");
        var port = freePort();
        try (var echo = activate(port, option);
                var client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.setSoTimeout(Running.PATIENCE_SECONDS * 1000);

            var exchanged = firstExchange(client, echo);

            assertEquals(exchanged.getFirst(), exchanged.getLast());
            assertEquals("listening on 127.0.0.1:" + port, echo.line());
            client.send(new DatagramPacket("another".getBytes(UTF_8), 7));
            assertEquals("another", receive(client));
            // The launcher was replaced by java, so the signal to the started process reaches the echo.
            echo.signal("TERM");
            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode(), outcome::toString);
            assertEquals("total: in 2 datagrams",
                    outcome.out().getLast().replaceFirst("(total: in \\d+ \\w+).*", "$1"));
        }
    }

    /** As of a unit with a ListenDatagram line for each family: two sockets of one name. */
    @ParameterizedTest
    @ValueSource(strings = {"--systemd", "--systemd=udp"})
    void bothSocketsOfANameAreServed(String option) throws Exception {
        Requires.program("systemd-socket-activate", "systemd");
        var salvo = Running.salvo("echo", option);
        var port = freePort();
        var command = new ArrayList<>(List.of("systemd-socket-activate", "--datagram", "--listen",
                "127.0.0.1:" + port, "--listen", "[::1]:" + port, "--fdname", "udp:udp", "--setenv",
                "SALVO_JAVA_HOME=" + salvo.environment().get("SALVO_JAVA_HOME")));
        command.addAll(salvo.command());
        try (var echo = Running.start(salvo.command(command)); var client = new DatagramSocket()) {
            client.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            client.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
            firstExchange(client, echo);
            assertEquals("listening on 127.0.0.1:" + port, echo.line());
            assertEquals("listening on [::1]:" + port, echo.line());
            try (var other = new DatagramSocket()) {
                other.connect(new InetSocketAddress(InetAddress.ofLiteral("::1"), port));
                other.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
                other.send(new DatagramPacket("another".getBytes(UTF_8), 7));
                assertEquals("another", receive(other));
            }
            echo.signal("TERM");
            assertTrue(echo.outcome().out().getLast().startsWith("total: in 2 datagrams"));
        }
    }
}
