package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.testing.FakeDatagramTransport;
import dev.salvo.protocol.testing.ManualClock;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each peer has a session, which ends when the peer is silent. */
class SessionServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] HELLO = Text.bytes("hello");

    private final ManualClock clock = new ManualClock();
    private final SessionServer server = new SessionServer(clock, PATIENCE, line -> {});
    private final FakeDatagramTransport transport = new FakeDatagramTransport();

    @Test
    @Tag("unit")
    void silenceEndsASessionAndADatagramProlongsIt() throws Exception {
        var silent = SockAddr.of("192.0.2.1", 1);
        var talking = SockAddr.of("192.0.2.1", 2);
        transport.deliver(server, HELLO, silent);
        transport.deliver(server, HELLO, talking);
        clock.advance(Duration.ofSeconds(20));
        transport.deliver(server, HELLO, talking);
        assertEquals(2, server.sessions());

        clock.advance(Duration.ofSeconds(20));
        assertEquals(1, server.sessions(), "the silent session has ended");
        clock.advance(Duration.ofSeconds(20));
        assertEquals(0, server.sessions());
        assertEquals(3, transport.written().size());
    }

    @Test
    @Tag("unit")
    void theNumberOfSessionsIsBounded() throws Exception {
        for (int i = 0; i <= SessionServer.MOST_SESSIONS; i++) {
            transport.deliver(server, HELLO, SockAddr.of("192.0.2.1", i + 1));
        }
        assertEquals(SessionServer.MOST_SESSIONS, server.sessions());
        assertEquals(SessionServer.MOST_SESSIONS, transport.written().size(), "one peer got no answer");
    }

    @Test
    @Tag("unit")
    void aDatagramOfAKnownPeerAllocatesNothing() {
        var takesAll = (DatagramTransport) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[]{DatagramTransport.class},
                (proxy, method, arguments) -> true);
        var datagram = Datagram.of(HELLO, SockAddr.of("192.0.2.1", 1));
        var beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            var before = beans.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                server.datagramReceived(datagram, takesAll);
            }
            least = Math.min(least, beans.getCurrentThreadAllocatedBytes() - before);
        }
        // The proxy allocates an array of arguments for each write. Nothing else may be allocated.
        assertTrue(least / 10_000 <= 24, least / 10_000 + " bytes each");
    }

    @Test
    @Tag("loopback")
    void aSessionBeginsAndEnds() throws Exception {
        try (var peer = new Peer("127.0.0.1"); var program = Program.start(SessionServer.class, 0, 500)) {
            var port = program.port();
            peer.send("a", port);
            peer.send("b", port);
            assertEquals("a", Peer.text(peer.receive()));
            assertEquals("b", Peer.text(peer.receive()));
            assertEquals("new: " + peer.name(), program.line());
            assertEquals("ended: " + peer.name() + " after 2 datagrams", program.line());
        }
    }
}
