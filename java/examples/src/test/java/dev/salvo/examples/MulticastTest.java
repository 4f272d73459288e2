package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The howto's pair, over the loopback device. */
@Tag("loopback")
class MulticastTest {

    @Test
    void aPingToTheGroupIsAnsweredByEachServer() throws Exception {
        try (var first = Program.start(MulticastServer.class, 0, "lo")) {
            var port = first.port();
            try (var second = Program.start(MulticastServer.class, port, "lo")) {
                assertEquals(port, second.port());
                try (var client = Program.start(MulticastClient.class, port, "lo")) {
                    var pong = "Datagram Server: Pong received from 127.0.0.1:" + port;
                    assertEquals(pong, client.line());
                    assertEquals(pong, client.line());
                    var ping = "Datagram Client: Ping received from 127.0.0.1:";
                    assertEquals(ping, first.line().replaceFirst("\\d+$", ""));
                    assertEquals(ping, second.line().replaceFirst("\\d+$", ""));
                }
            }
        }
    }
}
