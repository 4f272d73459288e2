package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's listings, each in a file of its own and started as the README says. */
@Tag("interop")
class ListingsIT {

    private static final int TRIES = 600;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ReactorEcho", "SocketEcho"})
    void theEchoesAnswer(String name) throws Exception {
        var port = freePort();
        try (var echo = Running.start(command(name, port))) {
            assertEquals("hello", reply(echo, port));
            echo.process().destroy();
            assertEquals(List.of(), echo.outcome().err());
        }
    }

    @Test
    void theClientPrintsTheReply() throws Exception {
        try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var client = Running.start(command("ConnectedClient", server.getLocalPort()))) {
            server.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
            var packet = new DatagramPacket(new byte[100], 100);
            server.receive(packet);
            server.send(packet);
            var outcome = client.outcome();
            assertEquals(List.of("hello"), outcome.out(), outcome::toString);
            assertEquals(List.of(), outcome.err());
        }
    }

    @Test
    void theClientReportsThatNobodyListens() throws Exception {
        var port = freePort();
        try (var client = Running.start(command("ConnectedClient", port))) {
            assertEquals(List.of("nobody listens at 127.0.0.1:" + port), client.outcome().err());
        }
    }

    /** Sends with the README's command until a datagram arrives. Those that were sent before the join are lost. */
    @Test
    void theListenerReceivesFromTheGroup() throws Exception {
        var port = freePort();
        try (var listener = Running.start(command("GroupListener", port))) {
            var lines = new FutureTask<>(listener::line);
            Thread.ofVirtual().start(lines);
            for (int i = 0; i < TRIES && !lines.isDone(); i++) {
                assertEquals(0, new Captured().run("send", "239.1.2.3:" + port, "hello", "--interface", "lo"));
                Thread.sleep(100);
            }
            assertTrue(lines.get().startsWith("5 bytes of "), lines.get());
        }
    }

    @Test
    void aSocketThatSystemdOpenedIsServed() throws Exception {
        Requires.program("systemd-socket-activate", "systemd");
        var port = freePort();
        var command = new ArrayList<>(
                List.of("systemd-socket-activate", "--datagram", "--listen", "127.0.0.1:" + port));
        command.addAll(List.of(command("AdoptedEcho", port)));
        try (var echo = Running.start(command.toArray(String[]::new))) {
            assertEquals("hello", reply(echo, port));
        }
    }

    private String[] command(String name, int port) throws Exception {
        var readme = Files.readString(Running.root().resolve("README.md"));
        var start = readme.lastIndexOf("```java\n", readme.indexOf("class " + name)) + "```java\n".length();
        var listing = readme.substring(start, readme.indexOf("```", start));
        var file = folder.resolve(name + ".java");
        Files.writeString(file, listing.replace("9999", Integer.toString(port)));
        return new String[]{
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=dev.salvo.bindings,dev.salvo.socket",
                "--illegal-native-access=deny",
                "-p",
                Running.root().resolve("java/cli/target/modules").toString(),
                "--add-modules",
                "dev.salvo.protocol",
                file.toString()
        };
    }

    private static int freePort() throws Exception {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Sends until the program has started and answers. */
    private static String reply(Running echo, int port) throws Exception {
        var hello = "hello".getBytes(UTF_8);
        var answer = new DatagramPacket(new byte[100], 100);
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            for (int i = 0; i < TRIES && echo.process().isAlive(); i++) {
                socket.send(new DatagramPacket(hello, hello.length, InetAddress.getLoopbackAddress(), port));
                try {
                    socket.receive(answer);
                    return new String(answer.getData(), 0, answer.getLength(), UTF_8);
                } catch (SocketTimeoutException e) {
                    // Not yet.
                }
            }
        }
        throw new AssertionError("no reply; " + (echo.process().isAlive() ? "it runs" : echo.outcome().toString()));
    }
}
