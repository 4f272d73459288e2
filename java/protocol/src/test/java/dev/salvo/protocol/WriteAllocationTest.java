package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.salvo.reactor.ReactorThread;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A warmed-up loop of writes allocates nothing, for arrays and for segments, joined with the previous datagram or not.
 */
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
@Tag("allocation")
class WriteAllocationTest {

    private static final int WRITES = 200_000;
    /**
     * Bytes that the JVM itself and the call may allocate. One small object per datagram would be over 3 million bytes.
     */
    private static final int ALLOWED = 10_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static void write(DatagramTransport port, boolean array, SockAddr one, SockAddr other) {
        var bytes = new byte[64];
        var segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < WRITES; i++) {
            var destination = i % 64 == 0 ? other : one;
            if (array) {
                port.write(bytes, destination);
            } else {
                port.write(segment, 0, 64, destination);
            }
        }
    }

    /** A socket that is never read: the kernel drops what arrives, which costs the writer nothing. */
    private static UdpSocket drain() throws Exception {
        var socket = UdpSocket.open(StandardProtocolFamily.INET);
        socket.bind(SockAddr.of("127.0.0.1", 0));
        return socket;
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsAllocated(boolean array, TestReporter reporter) throws Exception {
        try (var running = ReactorThread.start();
                var one = drain();
                var other = drain()) {
            var port = running.listen(Loopback.IPV4, (datagram, transport) -> {});
            var first = one.localAddress();
            var second = other.localAddress();
            var bytes = Long.MAX_VALUE;
            // The first rounds are not compiled yet, and a busy machine compiles late.
            for (int round = 0; round < 40 && bytes > ALLOWED; round++) {
                bytes = running.call(() -> {
                    var before = THREADS.getCurrentThreadAllocatedBytes();
                    write(port, array, first, second);
                    return THREADS.getCurrentThreadAllocatedBytes() - before;
                });
                reporter.publishEntry("bytes allocated for " + WRITES + " writes", Long.toString(bytes));
            }
            assertTrue(bytes <= ALLOWED, bytes + " bytes for " + WRITES + " writes");
        }
    }
}
