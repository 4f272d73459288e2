package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.internal.NetNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In a namespace, since the port of the howto is on any address. Connected UDP: one peer, to write to and to hear; and
 * to hear that it is not there.
 */
@Tag("netns")
class HelloerTest {

    @Test
    void itTalksToItsPeerAlone() throws Exception {
        try (var net = NetNamespace.open();
                var peer = net.call(() -> new Peer("127.0.0.1"));
                var stranger = net.call(() -> new Peer("127.0.0.1"));
                var program = Program.startIn(net, Helloer.class, "127.0.0.1", peer.port())) {
            var hello = peer.receive();
            assertEquals("hello", Peer.text(hello));

            stranger.send("me too", hello.getPort());
            peer.send("welcome", hello.getPort());

            assertEquals("now we can only send to host 127.0.0.1 port " + peer.port(), program.line());
            assertEquals("received welcome from " + peer.name(), program.line());
        }
    }

    @Test
    void itHearsThatNobodyListens() throws Exception {
        try (var net = NetNamespace.open(); var program = Program.startIn(net, Helloer.class, "127.0.0.1", 1234)) {
            assertEquals("now we can only send to host 127.0.0.1 port 1234", program.line());
            assertEquals("No one listening", program.line());
        }
    }
}
