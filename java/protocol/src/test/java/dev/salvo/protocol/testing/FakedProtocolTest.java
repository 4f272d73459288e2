package dev.salvo.protocol.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A protocol and its test, as a user would write them. */
@Tag("unit")
class FakedProtocolTest {

    /**
     * Greets a time server and records the times that it sends. Questions that the transport refuses are queued. If the
     * server refuses, the client stops.
     */
    private static final class TimeClient implements DatagramProtocol {
        private final SockAddr server;
        private final Queue<String> waiting = new ArrayDeque<>();
        final List<String> times = new ArrayList<>();

        TimeClient(SockAddr server) {
            this.server = server;
        }

        @Override
        public void startProtocol(DatagramTransport transport) throws Exception {
            transport.connect(server);
            ask("hello", transport);
        }

        void ask(String question, DatagramTransport transport) {
            waiting.add(question);
            writable(transport);
        }

        @Override
        public void writable(DatagramTransport transport) {
            while (!waiting.isEmpty() && transport.write(waiting.element().getBytes(UTF_8))) {
                waiting.remove();
            }
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            var payload = new byte[datagram.length()];
            datagram.copyTo(payload);
            times.add(new String(payload, UTF_8));
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            transport.stopListening();
        }
    }

    private final SockAddr server = SockAddr.of("192.0.2.53", 37);
    private final TimeClient client = new TimeClient(server);
    private final FakeDatagramTransport transport = new FakeDatagramTransport();

    private List<String> asked() {
        return transport.written().stream().map(Written::text).toList();
    }

    @Test
    void theClientGreetsItsServer() throws Exception {
        client.startProtocol(transport);
        assertEquals(server, transport.peerAddress());
        assertEquals(List.of(new Written("hello".getBytes(UTF_8), server)), transport.written());
    }

    @Test
    void theClientRecordsTheTimes() throws Exception {
        client.startProtocol(transport);
        transport.deliver(client, "12:00".getBytes(UTF_8), server);
        transport.deliver(client, "12:01".getBytes(UTF_8), server);
        assertEquals(List.of("12:00", "12:01"), client.times);
    }

    @Test
    void refusedQuestionsAreSentAgain() throws Exception {
        client.startProtocol(transport);
        transport.setAccepting(false);
        client.ask("first", transport);
        client.ask("second", transport);
        assertEquals(List.of("hello"), asked());
        transport.setAccepting(true);
        client.writable(transport);
        assertEquals(List.of("hello", "first", "second"), asked());
    }

    @Test
    void aRefusalStopsTheClient() throws Exception {
        client.startProtocol(transport);
        client.connectionRefused(server, transport);
        assertTrue(transport.isStopped());
    }
}
