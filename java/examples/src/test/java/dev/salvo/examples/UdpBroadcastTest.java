package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ping and pong to all, over the loopback device, which has a broadcast address too. */
@Tag("loopback")
class UdpBroadcastTest {

    @Test
    void itPingsEachSecondAndAnswersItself() throws Exception {
        try (var program = Program.start(UdpBroadcast.class, 0, "127.255.255.255")) {
            program.port();
            var first = round(program);
            var began = System.nanoTime();
            assertNotEquals(first, round(program));
            assertTrue(System.nanoTime() - began > 500_000_000, "a second goes by in between");
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
