package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.reactor.ReactorThread;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A warmed-up echo loop allocates nothing, neither per datagram nor per turn. */
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
@Tag("allocation")
class EchoAllocationTest {

    /** Datagrams in flight at a time, few enough that no receive buffer overflows. */
    private static final int WINDOW = 64;
    /** Turns of one datagram, so that the JIT compiles what runs once a turn; and datagrams in turns of many. */
    private static final int WARM_UP_TURNS = 40_000;

    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 200_000;
    /**
     * Bytes that the JVM itself may allocate. One object per turn would be 50,000 bytes, one per datagram 3.2 million.
     */
    private static final int ALLOWED = 1_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Sends and receives in batches. A peer that takes 4 microseconds per datagram would dominate the measurement. */
    private static final class Player implements AutoCloseable {

        private final UdpSocket socket;
        private final SendBatch out = SendBatch.open();
        private final ReceiveBatch in = ReceiveBatch.open();
        private final MemorySegment payload = MemorySegment.ofArray(new byte[64]);

        Player(Loopback family, boolean offloaded) throws Exception {
            socket = UdpSocket.open(
                    family == Loopback.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            socket.bind(family.address(0));
            out.coalescing(offloaded);
        }

        void play(DatagramTransport port, int datagrams, int window) throws Exception {
            for (int done = 0; done < datagrams; done += window) {
                for (int i = 0; i < window; i++) {
                    assertTrue(out.add(payload, 0, 64, port.localAddress()));
                }
                assertEquals(window, socket.send(out));
                for (int back = 0; back < window;) {
                    assertTrue(socket.awaitReadable(Duration.ofSeconds(10)), "a datagram was lost");
                    socket.receive(in);
                    for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                        back++;
                    }
                }
            }
        }

        @Override
        public void close() {
            socket.close();
            out.close();
            in.close();
        }
    }

    private static long allocated(ReactorThread running) {
        return THREADS.getThreadAllocatedBytes(running.thread().threadId());
    }

    private static void echo(Datagram datagram, DatagramTransport transport) {
        transport.write(datagram, datagram.source());
    }

    @ParameterizedTest
    @CsvSource({"IPV4, false, 0", "IPV4, true, 0", "IPV6, true, 0", "IPV4, true, 20"})
    void nothingIsAllocated(Loopback family, boolean offloaded, int idleMicros, TestReporter reporter)
            throws Exception {
        try (var running = ReactorThread.start();
                var player = new Player(family, offloaded)) {
            var options = family.options().withCoalescing(offloaded);
            var port = running.call(() -> running.reactor().listenUdp(0, EchoAllocationTest::echo, options));
            running.call(() -> {
                running.reactor().busyPoll(Duration.ofNanos(1_000L * idleMicros));
                running.reactor().gather(Duration.ofNanos(1_000L * idleMicros));
                return 0;
            });
            player.play(port, WARM_UP_TURNS, 1);
            player.play(port, WARM_UP, WINDOW);
            var bytes = Long.MAX_VALUE;
            // A busy machine may compile late; an allocation of the code itself recurs in every round.
            for (int round = 0; round < 20 && bytes > ALLOWED; round++) {
                var before = allocated(running);
                player.play(port, MEASURED, WINDOW);
                bytes = allocated(running) - before;
                reporter.publishEntry("bytes allocated for " + MEASURED + " datagrams", Long.toString(bytes));
            }
            assertTrue(bytes <= ALLOWED, bytes + " bytes for " + MEASURED + " datagrams");
        }
    }

    /** Checks the measurement itself: one small object per datagram is detected. */
    @Test
    void anAllocationPerDatagramIsDetected() throws Exception {
        try (var running = ReactorThread.start();
                var player = new Player(Loopback.IPV4, true)) {
            var port = running.listen(
                    Loopback.IPV4, (datagram, transport) -> transport.write(datagram, datagram.source().copy()));
            player.play(port, WARM_UP, WINDOW);
            var before = allocated(running);
            player.play(port, MEASURED, WINDOW);
            assertTrue(allocated(running) - before >= 16L * MEASURED);
        }
    }
}
