package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One member counts what all peers send with one id. */
@Tag("loopback")
class ShardedServerTest {

    @Test
    void anIdHasOneCountWhoeverSends() throws Exception {
        try (var program = Program.start(ShardedServer.class, 0, 3)) {
            var port = program.port();
            var replies = new ArrayList<String>();
            for (int i = 0; i < 4; i++) {
                try (var peer = new Peer("127.0.0.1")) {
                    peer.send("A", port);
                    replies.add(Peer.text(peer.receive()));
                    peer.send("B", port);
                    replies.add(Peer.text(peer.receive()));
                }
            }
            // 65 and 66, modulo 3.
            assertEquals(List.of("member 2, id 65: 1", "member 0, id 66: 1", "member 2, id 65: 2",
                    "member 0, id 66: 2", "member 2, id 65: 3", "member 0, id 66: 3", "member 2, id 65: 4",
                    "member 0, id 66: 4"), replies);
        }
    }
}
