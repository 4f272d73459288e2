package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.testing.NetNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pings and pongs to the broadcast address of the loopback device, in a network namespace. */
@Tag("netns")
class UdpBroadcastTest {

    @Test
    void pingsAreSentEachSecondAndAnswered() throws Exception {
        try (var net = NetNamespace.open();
                var program = Program.startIn(net, UdpBroadcast.class, 0, "127.255.255.255")) {
            program.port();
            var first = round(program);
            var began = System.nanoTime();
            assertNotEquals(first, round(program));
            assertTrue(System.nanoTime() - began > 500_000_000, "the pings are less than half a second apart");
        }
    }

    private static String round(Program program) throws Exception {
        var sent = program.line();
        assertTrue(sent.startsWith("SEND PING "), sent);
        var id = sent.substring("SEND PING ".length());
        assertEquals("RECV PING " + id, program.line());
        assertEquals("SEND PONG " + id, program.line());
        assertEquals("RECV PONG " + id, program.line());
        return id;
    }
}
