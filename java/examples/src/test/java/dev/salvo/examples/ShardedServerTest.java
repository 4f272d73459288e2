package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One member counts all datagrams with one id, whichever peer sends them. */
@Tag("loopback")
class ShardedServerTest {

    @Test
    void anIdHasOneCountForAllPeers() throws Exception {
        try (var program = Program.start(ShardedServer.class, 0, 3)) {
            var port = program.port();
            var replies = new ArrayList<String>();
            var wanted = new ArrayList<String>();
            for (int i = 1; i <= 4; i++) {
                try (var peer = new Peer("127.0.0.1")) {
                    for (var id : List.of("A", "B", "D")) {
                        peer.send(id, port);
                        replies.add(Peer.text(peer.receive()));
                    }
                }
                // 65, 66 and 68, modulo 3.
                wanted.addAll(List.of("member 2, id 65: " + i, "member 0, id 66: " + i, "member 2, id 68: " + i));
            }
            assertEquals(wanted, replies);
        }
    }
}
