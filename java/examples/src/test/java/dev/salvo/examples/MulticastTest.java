package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.testing.NetNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The multicast server and client of Twisted's howto, over the loopback device of a network namespace. */
@Tag("netns")
class MulticastTest {

    @Test
    void aPingToTheGroupIsAnsweredByEachServer() throws Exception {
        try (var net = NetNamespace.open(); var first = Program.startIn(net, MulticastServer.class, 0, "lo")) {
            var port = first.port();
            try (var second = Program.startIn(net, MulticastServer.class, port, "lo")) {
                assertEquals(port, second.port());
                try (var client = Program.startIn(net, MulticastClient.class, port, "lo")) {
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
