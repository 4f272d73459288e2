package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.Datagram;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A port on which datagrams arrive faster than they are served does not starve other ports or timers. */
@Tag("fault")
class StarvationTest {

    /**
     * Makes recvmmsg return a full batch each time: the flood never ends, and a port without a budget would never stop
     * receiving.
     */
    private static void flood(FaultyReactor faulty, DatagramTransport port, Incoming message) {
        var full = Answer.deliver(Collections.nCopies(64, message).toArray(Incoming[]::new));
        var fd = port.socket().descriptor();
        faulty.kernel.always(Syscall.RECVMMSG, call -> call.fd() == fd ? full.to(call) : call.passOn());
    }

    private static void assertOthersAreServed(Incoming message, long mostDatagramsATurn) throws Exception {
        var source = Loopback.IPV4.address(9);
        var floods = new long[1];
        var flooded = new Recorder() {
            @Override
            public void datagramReceived(Datagram datagram, DatagramTransport transport) {
                assertEquals(source, datagram.source());
                floods[0]++;
            }
        };
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(flooded, Loopback.IPV4.options());
            flood(faulty, port, message);
            var echo = faulty.listen((d, transport) -> transport.write(d, d.source()), Loopback.IPV4.options());
            // One real datagram that is never taken keeps the flooded port readable.
            peer.send(port, "");
            faulty.phases(
                    () -> peer.send(echo, "a", "b"),
                    () -> assertEquals(List.of("a", "b"), peer.received()),
                    () -> peer.send(echo, "c"),
                    () -> assertEquals(List.of("c"), peer.received()));
            assertTrue(floods[0] >= 4, "no flood");
            assertTrue(floods[0] <= 4 * mostDatagramsATurn, () -> floods[0] + " in four turns");
        }
    }

    @Test
    void emptyDatagramsStarveNoOtherPort() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), ""), 256);
    }

    /** One recvmmsg can return 64 x 64 datagrams, which is the whole budget of a turn. */
    @Test
    void coalescedDatagramsStarveNoOtherPort() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), "x".repeat(64)).gro(1), 4_096);
    }

    /** Few datagrams, but 4 MB of them: one call that returns 64. */
    @Test
    void largeDatagramsStarveNoOtherPort() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), "x".repeat(65_507)), 65);
    }
}
