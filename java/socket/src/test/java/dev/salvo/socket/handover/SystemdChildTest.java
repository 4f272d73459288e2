package dev.salvo.socket.handover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Python;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is started as systemd starts a service, and what its own children inherit. */
@Tag("interop")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemdChildTest {

    private static String[] java(Class<?> main, String... before) {
        var command = new String[]{
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()
        };
        var all = Arrays.copyOf(before, before.length + command.length);
        System.arraycopy(command, 0, all, before.length, command.length);
        return all;
    }

    private static Map<String, String> facts(List<String> lines) {
        var facts = new TreeMap<String, String>();
        lines.forEach(line -> facts.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return facts;
    }

    @Test
    void aServiceFindsItsSocketsOnceAndItsChildrenFindNone() throws Exception {
        try (var service = Python.start("activate", java(Service.class, "udp:other"));
                var client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var port = Integer.parseInt(service.line().replaceFirst(" .*", ""));
            // Sent before the service receives: the datagram that starts a service is queued until then.
            var to = InetAddress.getLoopbackAddress();
            client.send(new DatagramPacket("hello".getBytes(UTF_8), 5, to, port));

            var facts = facts(service.rest());

            assertEquals("[Inherited[name=udp, descriptor=3], Inherited[name=other, descriptor=4]]",
                    facts.get("first"));
            assertEquals("[]", facts.get("again"));
            assertEquals("hello", facts.get("received"));
            assertEquals("", facts.get("child's variables"));
            assertEquals("", facts.get("child's sockets"));
            assertEquals("true", facts.get("still in System.getenv"));
            assertEquals("true", facts.get("child of ProcessBuilder.environment sees another's LISTEN_PID"));
        }
    }

    @Test
    void aServiceBehindAForkingShellFindsNoSockets() throws Exception {
        // A command follows java; otherwise the shell would replace itself with java.
        var shell = java(Service.class, "udp", "sh", "-c", "\"$@\"; echo shell=$?", "sh");
        try (var service = Python.start("activate", shell)) {
            service.line();

            var facts = facts(service.rest());

            assertEquals("[]", facts.get("first"));
            assertEquals("0", facts.get("shell"));
        }
    }

    /** The program that runs in the other JVM. */
    static final class Service {

        private Service() {}

        private static String output(ProcessBuilder builder) throws IOException {
            var process = builder.redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), UTF_8);
        }

        private static String withListen(String environment) {
            return String.join(" ", environment.lines().filter(line -> line.startsWith("LISTEN_")).toList());
        }

        public static void main(String[] arguments) throws Exception {
            // Java copies the environment at the first access.
            var before = System.getenv("LISTEN_PID");
            var sockets = SystemdSockets.fromEnvironment();
            System.out.println("first=" + sockets.inherited());
            System.out.println("again=" + SystemdSockets.fromEnvironment().inherited());
            if (sockets.inherited().isEmpty()) {
                return;
            }
            try (var socket = UdpSocket.adopt(sockets.descriptors("udp").getFirst());
                    var batch = ReceiveBatch.open(1)) {
                System.out.println("received=" + String.join(",", Traffic.texts(Traffic.receive(socket, batch, 1))));
                System.out.println("child's variables=" + withListen(output(new ProcessBuilder("env"))));
                var links = output(new ProcessBuilder("sh", "-c", "ls -l /proc/$$/fd | grep socket: || true"));
                System.out.println("child's sockets=" + links.strip());
                System.out.println("still in System.getenv=" + before.equals(System.getenv("LISTEN_PID")));
                var copied = new ProcessBuilder("env");
                copied.environment().put("TOUCHED", "1");
                System.out.println("child of ProcessBuilder.environment sees another's LISTEN_PID="
                        + withListen(output(copied)).contains("LISTEN_PID=" + ProcessHandle.current().pid()));
            }
        }
    }
}
