package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cable of 8 Mbit/s behind a queueing discipline, which causes EAGAIN and EPOLLOUT of the real kernel. Loopback
 * causes neither, because datagrams queued at the receiver are not charged to the sender.
 */
@Tag("netns")
@Timeout(60)
class SlowLinkTest {

    private static final int WRITES = 500;
    private static final String PADDING = "x".repeat(990);

    @ParameterizedTest
    @EnumSource
    void everyDatagramIsAccountedFor(Overflow overflow) throws Exception {
        try (var here = NetNamespace.open();
                var there = NetNamespace.open()) {
            NetNamespace.connect(here, "192.0.2.1/24", there, "192.0.2.2/24", 1500);
            NetNamespace.ip("netns", "exec", here.name(), "tc", "qdisc", "add", "dev", "cable", "root", "tbf", "rate",
                    "8mbit", "burst", "4kb", "limit", "1mb");
            try (var receiver = there.bound(SockAddr.of("192.0.2.2", 0))) {
                // Nothing is received until all is sent.
                receiver.set(SocketLevelOptions.RCVBUF, 4 << 20);
                var taken = new ArrayList<Integer>();
                var to = receiver.localAddress();
                var last = here.call(() -> flood(to, overflow, taken));
                var received = receive(receiver, last.socket().datagramsSent());

                assertEquals(0, last.datagramsDropped());
                assertEquals(0, last.socket().datagramsFailed());
                assertTrue(last.socket().sendsBlocked() > 0);
                assertEquals(taken.size(), last.socket().datagramsSent() + last.datagramsOverflowed());
                assertEquals(received.stream().sorted().distinct().toList(), received);
                if (overflow == Overflow.DROP_OLDEST) {
                    assertEquals(IntStream.range(0, WRITES).boxed().toList(), taken);
                    assertTrue(last.datagramsOverflowed() > 0);
                    // As many as the queue holds.
                    assertEquals(taken.subList(WRITES - 9, WRITES),
                            received.subList(received.size() - 9, received.size()));
                } else {
                    assertEquals(taken, received);
                    assertEquals(WRITES - taken.size(), last.datagramsRefused());
                }
            }
        }
    }

    /** Writes faster than the cable sends, and waits until the queue is empty again. */
    private static PortStatistics flood(SockAddr to, Overflow overflow, List<Integer> taken) throws Exception {
        try (var reactor = Reactor.open()) {
            var options = PortOptions.defaults().withInterface("192.0.2.1").withCoalescing(false)
                    .withSendQueueBytes(10_000).withOverflow(overflow);
            var port = reactor.listenUdp(0, new Recorder(), options);
            port.socket().set(SocketLevelOptions.SNDBUF, 8_192);
            for (int i = 0; i < WRITES; i++) {
                if (port.write((1000 + i + PADDING).getBytes(ISO_8859_1), to)) {
                    taken.add(i);
                }
                port.flush();
            }
            Loop.runUntil(reactor, () -> port.statistics().datagramsQueued() == 0);
            return port.statistics();
        }
    }

    private static List<Integer> receive(UdpSocket receiver, long count) throws Exception {
        var received = new ArrayList<Integer>();
        try (var batch = ReceiveBatch.open()) {
            while (received.size() < count) {
                assertTrue(receiver.awaitReadable(Duration.ofSeconds(10)), received::toString);
                receiver.receive(batch);
                for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                    received.add(Integer.parseInt(Recorder.text(datagram).substring(0, 4)) - 1000);
                }
            }
        }
        return received;
    }
}
