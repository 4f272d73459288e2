package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Incoming;
import dev.salvo.socket.internal.Syscall;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A port on which datagrams come faster than they are served leaves the others, and timers, their turn. */
@Tag("fault")
class StarvationTest {

    /** A recvmmsg that is always full: the flood never ends, and a port without a budget would never either. */
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
    void emptyDatagrams() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), ""), 256);
    }

    /** One recvmmsg can bring 64 x 64 datagrams, which is all of a turn. */
    @Test
    void coalescedDatagrams() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), "x".repeat(64)).gro(1), 4_096);
    }

    /** Few, but 4 MB of them: one call of 64. */
    @Test
    void largeDatagrams() throws Exception {
        assertOthersAreServed(Incoming.from(Loopback.IPV4.address(9), "x".repeat(65_507)), 65);
    }
}
