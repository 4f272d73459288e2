package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A handler of the log that throws ends neither the loop nor the port. */
@Tag("loopback")
class ThrowingLoggerTest {

    private final Logger logger = Logger.getLogger(Reactor.class.getName());
    private final int[] published = new int[1];
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            published[0]++;
            throw new StackOverflowError("a handler of the program");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void addHandler() {
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void removeHandler() {
        logger.removeHandler(handler);
        logger.setLevel(null);
        logger.setUseParentHandlers(true);
    }

    @Test
    void everythingThatIsLoggedMayThrow() throws Exception {
        var protocol = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
                super.datagramReceived(datagram, transport);
                throw new Exception("bad datagram");
            }

            @Override
            public void stopProtocol(DatagramTransport transport) throws Exception {
                super.stopProtocol(transport);
                throw new Exception("bad end");
            }
        };
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, protocol, Loopback.IPV4.options());
            reactor.onShutdown(() -> {
                throw new Exception("bad hook");
            });
            Loop.phases(
                    reactor,
                    () -> peer.send(port, "a"),
                    () -> {
                        peer.send(port, "b");
                        throw new Exception("bad call");
                    });
        } catch (Exception e) {
            assertEquals("bad call", e.getMessage());
        }
        assertEquals(List.of("start", "a", "b", "stop"), protocol.events);
        assertTrue(published[0] > 4, () -> published[0] + " records");
    }
}
