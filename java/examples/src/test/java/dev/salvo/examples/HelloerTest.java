package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connected UDP: one peer, to write to and to hear; and to hear that it is not there. */
@Tag("loopback")
class HelloerTest {

    @Test
    void itTalksToItsPeerAlone() throws Exception {
        try (var peer = new Peer("127.0.0.1");
                var stranger = new Peer("127.0.0.1");
                var program = Program.start(Helloer.class, "127.0.0.1", peer.port())) {
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
        int deserted;
        try (var peer = new Peer("127.0.0.1")) {
            deserted = peer.port();
        }
        try (var program = Program.start(Helloer.class, "127.0.0.1", deserted)) {
            assertEquals("now we can only send to host 127.0.0.1 port " + deserted, program.line());
            assertEquals("No one listening", program.line());
        }
    }
}
