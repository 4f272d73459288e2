package dev.salvo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The peer's options take effect in Salvo, as far as this is visible from outside. */
@Tag("loopback")
@Timeout(30)
class SalvoOptionsTest {

    private static final int EXCHANGES = 100;

    @Test
    void maxSegmentsIsPassedToThePort() {
        var bind = Endpoint.parse("127.0.0.1:0");
        assertEquals(128, new SalvoOptions(0, 0, 128).at(bind).maxSegments());
        assertEquals(64, SalvoOptions.NONE.at(bind).maxSegments());
    }

    /** A loop that waits in epoll_wait gives the core up for each datagram; one that polls does not. */
    @Test
    void aBusyPollingPeerDoesNotSleepBetweenDatagrams() throws Exception {
        try (var process = PeerProcess.java("SalvoPeer --busy-poll 1000000", "--bind", "127.0.0.1:0");
                var socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            var packet = new DatagramPacket(new byte[8], 8, process.address().address());
            var before = Map.<Path, Long>of();
            for (int i = 0; i <= EXCHANGES; i++) {
                socket.send(packet);
                socket.receive(packet);
                // Gives the peer time to fall asleep.
                LockSupport.parkNanos(1_000_000);
                if (i == 0) {
                    before = process.sleeps();
                }
            }
            var slept = 0L;
            for (var thread : process.sleeps().entrySet()) {
                slept = Math.max(slept, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
            }
            var most = slept;
            assertTrue(most < EXCHANGES / 2, () -> "a thread slept " + most + " times");
        }
    }

    @Test
    void aGatheringPeerAnswersLater() throws Exception {
        try (var process = PeerProcess.java("SalvoPeer --gather 10000", "--bind", "127.0.0.1:0");
                var socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            var packet = new DatagramPacket(new byte[8], 8, process.address().address());
            var took = Duration.ZERO;
            for (int i = 0; i <= 20; i++) {
                // Only a loop that sleeps gathers. After this pause it sleeps in most rounds.
                LockSupport.parkNanos(5_000_000);
                var begin = System.nanoTime();
                socket.send(packet);
                socket.receive(packet);
                // The first exchange is not counted: the JVM loads classes in it.
                took = took.plusNanos(i == 0 ? 0 : System.nanoTime() - begin);
            }
            var all = took;
            assertTrue(all.toMillis() >= 150, () -> "20 gatherings of 10 ms took " + all);
        }
    }
}
