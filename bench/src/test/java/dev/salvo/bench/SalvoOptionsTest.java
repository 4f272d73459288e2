package dev.salvo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the options of the peer reach Salvo, as far as it can be seen from outside. */
@Tag("loopback")
@Timeout(30)
class SalvoOptionsTest {

    @Test
    void segmentsAreThePorts() {
        var bind = Endpoint.parse("127.0.0.1:0");
        assertEquals(128, new SalvoOptions(0, 0, 128).at(bind).maxSegments());
        assertEquals(64, SalvoOptions.NONE.at(bind).maxSegments());
    }

    @Test
    void whoGathersAnswersLater() throws Exception {
        try (var process = PeerProcess.java("SalvoPeer --gather 10000", "--bind", "127.0.0.1:0");
                var socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            var packet = new DatagramPacket(new byte[8], 8, process.address().address());
            var took = Duration.ZERO;
            for (int i = 0; i <= 20; i++) {
                // What is there when the loop asks is not gathered: it has to be waiting, and mostly is by then.
                LockSupport.parkNanos(5_000_000);
                var begin = System.nanoTime();
                socket.send(packet);
                socket.receive(packet);
                // The first has the JVM load classes.
                took = took.plusNanos(i == 0 ? 0 : System.nanoTime() - begin);
            }
            var all = took;
            assertTrue(all.toMillis() >= 150, () -> "20 gatherings of 10 ms took " + all);
        }
    }
}
