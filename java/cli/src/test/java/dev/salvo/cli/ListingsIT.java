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
import java.util.List;
import org.junit.jupiter.api.Tag;
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
    void echoes(String name) throws Exception {
        var port = freePort();
        var readme = Files.readString(Running.root().resolve("README.md"));
        var start = readme.lastIndexOf("```java\n", readme.indexOf("class " + name)) + "```java\n".length();
        var listing = readme.substring(start, readme.indexOf("```", start));
        assertTrue(listing.contains("9999"));
        var file = folder.resolve(name + ".java");
        Files.writeString(file, listing.replace("9999", Integer.toString(port)));

        try (var echo = Running.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=dev.salvo.bindings,dev.salvo.socket",
                "--illegal-native-access=deny",
                "-p",
                Running.root().resolve("java/cli/target/modules").toString(),
                "--add-modules",
                "dev.salvo.protocol",
                file.toString())) {
            assertEquals("hello", reply(echo, port));
            echo.process().destroy();
            assertEquals(List.of(), echo.outcome().err());
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asks until it has started. */
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
