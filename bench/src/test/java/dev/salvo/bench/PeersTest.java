package dev.salvo.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every peer in every role. It reports that it is ready, does its work, prints no warning and exits on SIGTERM. */
@Tag("loopback")
@Timeout(30)
class PeersTest {

    private static final int DATAGRAMS = 100;
    private static final int SIZE = 200;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer", "SalvoPeer --layer batch", "SalvoPeer --layer socket",
            "SalvoPeer --busy-poll 20", "SalvoPeer --gather 200", "SalvoPeer --max-segments 128", "NettyPeer",
            "NettyPeer --transport epoll --gso", "NettyPeer --transport epoll --single", "JdkPeer",
            "JdkPeer --blocking"})
    void echoes(String peer) throws Exception {
        try (var process = PeerProcess.java(peer, "--bind", "127.0.0.1:0")) {
            exchange(process.address().port());
            assertExitsWithoutWarnings(process);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NettyPeer --transport io_uring", "NettyPeer --transport io_uring --single"})
    void ioUringEchoesOrSaysWhyItCannot(String peer) throws Exception {
        try (var process = PeerProcess.java(peer, "--bind", "127.0.0.1:0")) {
            try {
                exchange(process.address().port());
            } catch (AssertionError e) {
                System.out.println("io_uring: " + process.errors());
                assertEquals(3, process.exitCode(), process.errors());
                return;
            }
            assertExitsWithoutWarnings(process);
        }
    }

    @Test
    void twistedEchoes() throws Exception {
        requireTwisted();
        try (var process = PeerProcess.twisted("--bind", "127.0.0.1:0")) {
            exchange(process.address().port());
            process.terminate();
            assertEquals("", process.errors());
        }
    }

    @Test
    void ipv6LiteralsAreUnderstood() throws Exception {
        try (var process = PeerProcess.java("JdkPeer", "--bind", "[::1]:0")) {
            assertEquals("::1", process.address().host());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer", "SalvoPeer --layer batch", "SalvoPeer --layer socket", "NettyPeer", "JdkPeer"})
    void countsWhatItReceives(String peer) throws Exception {
        var counter = directory.resolve("counter");
        try (var process = PeerProcess.java(peer, "--role", "sink", "--bind", "127.0.0.1:0", "--counter",
                counter.toString());
                var socket = new DatagramSocket()) {
            var to = process.address().address();
            for (int i = 0; i < DATAGRAMS; i++) {
                socket.send(new DatagramPacket(new byte[SIZE], SIZE, to));
            }
            awaitCount(counter, DATAGRAMS);
            assertEquals(DATAGRAMS, count(counter, 0));
            assertExitsWithoutWarnings(process);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer", "SalvoPeer --layer socket", "NettyPeer", "NettyPeer --gso",
            "NettyPeer --transport io_uring", "JdkPeer", "JdkPeer --blocking"})
    void sendsToEveryDestinationAndCountsIt(String peer) throws Exception {
        var counter = directory.resolve("counter");
        try (var one = new DatagramSocket(at(0));
                var other = new DatagramSocket(at(0));
                var process = PeerProcess.java(peer, "--role", "fanout", "--to",
                        "127.0.0.1:" + one.getLocalPort() + ",127.0.0.1:" + other.getLocalPort(),
                        "--size", Integer.toString(SIZE), "--counter", counter.toString())) {
            if (peer.endsWith("io_uring")) {
                Assumptions.assumeTrue(io.netty.channel.uring.IoUring.isAvailable());
            }
            assertEquals("2 destinations", process.ready("sending to"));
            for (int i = 0; i < DATAGRAMS; i++) {
                assertEquals(SIZE, receive(one).length);
                assertEquals(SIZE, receive(other).length);
            }
            awaitCount(counter, 2 * DATAGRAMS);
            assertEquals(0, count(counter, 1), "failed");
            assertExitsWithoutWarnings(process);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer", "NettyPeer", "JdkPeer"})
    void echoesOnManySockets(String peer) throws Exception {
        var ports = directory.resolve("ports");
        try (var process = PeerProcess.java(peer, "--role", "sockets", "--sockets", "20", "--ports",
                ports.toString())) {
            assertEquals("20 sockets", process.ready("listening on"));
            var lines = Files.readAllLines(ports);
            assertEquals(20, lines.stream().distinct().count());
            exchange(Integer.parseInt(lines.getFirst()));
            exchange(Integer.parseInt(lines.getLast()));
            assertExitsWithoutWarnings(process);
        }
    }

    @Test
    void aBadArgumentPrintsTheUsageAndExitsWith2() throws Exception {
        try (var process = PeerProcess.java("JdkPeer", "--bind", "nowhere")) {
            assertEquals(2, process.exitCode());
            assertTrue(process.errors().contains("Usage: JdkPeer"), process.errors());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer --busy-poll 0", "SalvoPeer --gather 10001", "SalvoPeer --max-segments 129",
            "SalvoPeer --layer socket --gather 200", "SalvoPeer --single", "NettyPeer --gso --single",
            "NettyPeer --transport io_uring --gso", "NettyPeer --transport kqueue", "JdkPeer --gather 200"})
    void anOptionThatAPeerLacksIsAUsageError(String peer) throws Exception {
        try (var process = PeerProcess.java(peer, "--bind", "127.0.0.1:0")) {
            assertEquals(2, process.exitCode());
            assertTrue(process.errors().contains("Usage: " + peer.substring(0, peer.indexOf(" "))), process.errors());
        }
    }

    /** 143 is the exit code of a JVM after SIGTERM. */
    private static void assertExitsWithoutWarnings(PeerProcess process) throws Exception {
        assertEquals(143, process.terminate());
        assertEquals("", process.errors());
    }

    private static void exchange(int port) throws IOException {
        try (var socket = new DatagramSocket()) {
            for (int i = 1; i <= 10; i++) {
                var sent = new byte[SIZE];
                Arrays.fill(sent, (byte) i);
                socket.send(new DatagramPacket(sent, SIZE, at(port)));
                assertArrayEquals(sent, receive(socket));
            }
        }
    }

    private static InetSocketAddress at(int port) {
        return PortList.ADDRESS.withPort(port).address();
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(10_000);
        var packet = new DatagramPacket(new byte[2 * SIZE], 2 * SIZE);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** The class's timeout bounds it. */
    private static void awaitCount(Path counter, long atLeast) throws IOException {
        while (count(counter, 0) < atLeast) {
            Thread.onSpinWait();
        }
    }

    private static long count(Path counter, int index) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(counter)).order(ByteOrder.nativeOrder()).getLong(index * Long.BYTES);
    }

    private static void requireTwisted() throws IOException, InterruptedException {
        var found = new ProcessBuilder("/usr/bin/python3", "-c", "import twisted.internet.epollreactor").start()
                .waitFor() == 0;
        if (!found && !Boolean.parseBoolean(System.getenv("CI"))) {
            Assumptions.abort("needs Twisted (Debian package python3-twisted)");
        }
        assertTrue(found, "needs Twisted (Debian package python3-twisted)");
    }
}
