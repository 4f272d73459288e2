package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Ports borrow a send batch for a flush. A quarter of a megabyte for each of ten thousand ports would be 2.5 GB. */
@Tag("fault")
class IdlePortsTest {

    private static final DatagramProtocol ECHO = (datagram, transport) -> transport.write(datagram, datagram.source());

    /** The receive batch is the one mapping that is not a send batch. */
    private static int sendBatches(FaultyReactor faulty) {
        return faulty.count(Syscall.MMAP) - 1 - faulty.count(Syscall.MUNMAP);
    }

    private static List<DatagramTransport> listen(FaultyReactor faulty, int count) throws Exception {
        var ports = new ArrayList<DatagramTransport>();
        for (int i = 0; i < count; i++) {
            ports.add(faulty.listen(ECHO, Loopback.IPV4.options()));
        }
        return ports;
    }

    @Test
    void tenThousandIdlePortsHoldNoSendBatch(TestReporter reporter) throws Exception {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var room = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200;
        var count = (int) Math.min(10_000, room);
        reporter.publishEntry("ports", count + (count < 10_000 ? ", since ulimit -n allows no more" : ""));
        assumeTrue(count >= 100, () -> "ulimit -n allows " + room + " ports only");
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var ports = listen(faulty, count);
            assertEquals(0, sendBatches(faulty));
            for (int i = 0; i < count; i += 10) {
                peer.send(ports.get(i), "" + i);
            }
            Call look = () -> assertTrue(sendBatches(faulty) <= 64, () -> sendBatches(faulty) + " batches");
            // epoll reports 256 ports at a time.
            faulty.phases(look, look, look, look, look, look, look);
            assertEquals(Math.ceilDiv(count, 10), peer.received().size());
        }
    }

    /** One call writes to more ports than are ever ready at once. */
    @Test
    void writingToAllPortsInOneCallNeedsFewBatches() throws Exception {
        var count = 500;
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var ports = listen(faulty, count);
            faulty.phases(() -> {
                for (int round = 0; round < 3; round++) {
                    for (var port : ports) {
                        port.write(new byte[]{'a'}, peer.address());
                    }
                    assertTrue(sendBatches(faulty) <= 64, () -> sendBatches(faulty) + " batches");
                }
            });
            assertEquals(3 * count, peer.received().size());
        }
    }

    @Test
    void aWriteThatThrowsReturnsItsBatch() throws Exception {
        var ten = MemorySegment.ofArray(new byte[10]);
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var phases = listen(faulty, 20).stream()
                    .map(port -> (Call) () -> assertThrows(
                            IndexOutOfBoundsException.class, () -> port.write(ten, 5, 6, peer.address())))
                    .toArray(Call[]::new);
            faulty.phases(phases);
            // They share one batch, one after the other.
            assertEquals(1, sendBatches(faulty));
        }
    }

    /** Blocked ports keep their batches; the others still send. */
    @Test
    void blockedPortsKeepTheirBatches() throws Exception {
        var expected = new ArrayList<String>();
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var ports = listen(faulty, 300);
            var blocked = ports.subList(0, 150).stream().map(port -> port.socket().descriptor()).toList();
            faulty.kernel.always(
                    Syscall.SENDMMSG, call -> blocked.contains(call.fd()) ? -Errno.EAGAIN : call.passOn());
            faulty.phases(
                    () -> {
                        for (int i = 0; i < 300; i++) {
                            ports.get(i).write(("" + i).getBytes(ISO_8859_1), peer.address());
                        }
                        assertTrue(sendBatches(faulty) <= 150 + 64, () -> sendBatches(faulty) + " batches");
                    },
                    () -> {
                        for (int i = 150; i < 300; i++) {
                            expected.add("" + i);
                        }
                        assertEquals(expected, peer.received());
                        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
                    });
            // Closing sends the rest.
            assertEquals(150, peer.received().size());
            assertEquals(64, sendBatches(faulty));
        }
    }
}
