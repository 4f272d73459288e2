package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.testing.NetNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Connected UDP: the example exchanges datagrams with one peer only, and reports that nobody listens there. It runs in
 * a namespace, since the howto's port is bound to every address.
 */
@Tag("netns")
class HelloerTest {

    @Test
    void onlyDatagramsOfThePeerAreReceived() throws Exception {
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
    void aPortWithoutAListenerIsReported() throws Exception {
        try (var net = NetNamespace.open(); var program = Program.startIn(net, Helloer.class, "127.0.0.1", 1234)) {
            assertEquals("now we can only send to host 127.0.0.1 port 1234", program.line());
            assertEquals("No one listening", program.line());
        }
    }
}
