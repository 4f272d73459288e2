package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Trap 21: a datagram whose fragments exceed the send buffer is reported as failed, and delays the others only for a
 * while.
 */
@Tag("netns")
@Timeout(60)
class NoBuffersForEverTest {

    private static final SockAddr THERE = SockAddr.of("192.0.2.2", 0);

    @Test
    void theFailureIsReportedAndTheOthersArrive() throws Exception {
        try (var here = NetNamespace.open();
                var there = NetNamespace.open()) {
            NetNamespace.connect(here, "192.0.2.1/24", there, "192.0.2.2/24", 1500);
            try (var receiver = there.bound(THERE);
                    var batch = ReceiveBatch.open()) {
                var destination = receiver.localAddress();
                assertEquals(
                        List.of("start", "failed " + destination + " 60000 ENOBUFS", "stop"),
                        here.call(() -> write(destination)));

                var received = new ArrayList<String>();
                while (received.size() < 2) {
                    assertTrue(receiver.awaitReadable(Duration.ofSeconds(10)), received::toString);
                    receiver.receive(batch);
                    for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                        received.add(Recorder.text(datagram));
                    }
                }
                assertEquals(List.of("before", "after"), received);
            }
        }
    }

    /** Writes three datagrams and returns the calls that the protocol received. */
    private static List<String> write(SockAddr destination) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var options = PortOptions.defaults().withInterface("192.0.2.1").withCoalescing(false);
            var port = reactor.listenUdp(0, protocol, options);
            port.socket().set(SocketLevelOptions.SNDBUF, 16_384);
            port.write("before".getBytes(ISO_8859_1), destination);
            port.write(new byte[60_000], destination);
            port.write("after".getBytes(ISO_8859_1), destination);
            Loop.runUntil(reactor, () -> port.statistics().socket().datagramsSent() == 2);
        }
        return protocol.events;
    }
}
