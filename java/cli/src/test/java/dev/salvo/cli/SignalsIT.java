package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code ./salvo echo} ends. */
@Tag("interop")
class SignalsIT {

    /** The messages fit into a receive buffer of the default size, and are more than a turn of the loop takes. */
    private static final int MESSAGES = 128;

    private static final int DATAGRAMS = 64 * MESSAGES;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void totalsAndZero(String signal) throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--bind", "127.0.0.1:0"))) {
            echo.port();
            echo.signal(signal);
            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(), outcome.err());
            assertEquals(2, outcome.out().size());
            assertTrue(outcome.out().getLast().startsWith("total: in 0 datagrams"), outcome::toString);
        }
    }

    /** It is held while they come, so that they all wait in its receive buffer when the signal does. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatTheKernelHasReceivedIsServedFirst(String signal) throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--json", "--bind", "127.0.0.1:0"));
                var socket = UdpSocket.open(StandardProtocolFamily.INET);
                var batch = SendBatch.open();
                var replies = ReceiveBatch.open()) {
            var port = Parsed.object(echo.line()).get("port").getAsInt();
            socket.set(SocketOptions.RCVBUF, 1 << 22);
            socket.bind(SockAddr.of("127.0.0.1", 0));
            echo.signal("STOP");
            var payload = MemorySegment.ofArray(new byte[1]);
            for (int i = 0; i < DATAGRAMS; i++) {
                if (!batch.add(payload, 0, 1, SockAddr.of("127.0.0.1", port))) {
                    socket.send(batch);
                    batch.add(payload, 0, 1, SockAddr.of("127.0.0.1", port));
                }
            }
            socket.send(batch);
            assertEquals(MESSAGES, socket.statistics().messagesSent());
            echo.signal(signal);
            echo.signal("CONT");

            var outcome = echo.outcome();
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(), outcome.err());
            var total = Parsed.object(outcome.out().getLast());
            assertEquals(DATAGRAMS, total.getAsJsonObject("in").get("datagrams").getAsInt(), total::toString);
            assertEquals(DATAGRAMS, total.getAsJsonObject("out").get("datagrams").getAsInt(), total::toString);
            int back = 0;
            while (back < DATAGRAMS && socket.awaitReadable(Duration.ofSeconds(2))) {
                socket.receive(replies);
                while (replies.next() != null) {
                    back++;
                }
            }
            assertEquals(DATAGRAMS, back);
        }
    }

    @Test
    void statisticsKeepComingUntilThen() throws Exception {
        try (var echo = Running.start(Running.salvo("echo", "--stats", "0.05", "--json", "--bind", "127.0.0.1:0"))) {
            for (var event : List.of("listening", "stats", "stats", "stats")) {
                assertEquals(event, Parsed.object(echo.line()).get("event").getAsString());
            }
            echo.signal("TERM");
            var outcome = echo.outcome();
            assertEquals("total", Parsed.object(outcome.out().getLast()).get("event").getAsString());
        }
    }
}
