package dev.salvo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each payload is sent to every destination before the next payload. Datagrams to one destination are therefore not
 * joined, and no destination is ahead of the others.
 */
@Tag("loopback")
@Timeout(30)
class FanOutTest {

    private static final int MESSAGES = 500;
    private static final int SIZE = 200;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"SalvoPeer", "SalvoPeer --layer batch", "SalvoPeer --layer socket", "NettyPeer",
            "NettyPeer --gso"})
    void payloadsAreNotJoined(String peer) throws Exception {
        try (var one = receiver();
                var other = receiver();
                var received = ReceiveBatch.open();
                var process = PeerProcess.java(peer, "--role", "fanout", "--to",
                        one.localAddress() + "," + other.localAddress(), "--size", Integer.toString(SIZE),
                        "--counter", directory.resolve("counter").toString())) {
            assertEquals("2 destinations", process.ready("sending to"));
            var messages = 0;
            var datagrams = 0;
            while (messages < MESSAGES) {
                one.awaitReadable(Duration.ofSeconds(10));
                messages += one.receive(received);
                while (received.next() != null) {
                    datagrams++;
                }
            }
            assertEquals(messages, datagrams);
        }
    }

    private static UdpSocket receiver() throws Exception {
        var socket = UdpSocket.open(StandardProtocolFamily.INET);
        socket.set(SocketLevelOptions.RCVBUF, Peer.RECEIVE_BUFFER);
        // Datagrams that were sent joined arrive joined. The loopback device itself joins none.
        socket.set(UdpOptions.GRO, true);
        socket.bind(SockAddr.of("127.0.0.1", 0));
        return socket;
    }
}
