package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a blocked port holds is bounded by its send queue, on the heap and off it, whatever it sent before. Each test is
 * a JVM of its own with a small heap.
 */
@Tag("fault")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockedPortsMemoryTest {

    private static List<String> run(String heap, Class<?> main, String... arguments) throws Exception {
        var command = new ArrayList<>(ChildProcess.javaCommand(main, arguments));
        command.remove("-Xmx256m");
        // With a heap that is touched at once, what the process grows by is off the heap.
        command.addAll(1, List.of("-Xmx" + heap, "-Xms" + heap, "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var reader = process.inputReader()) {
            return reader.lines().toList();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The queue of 2,000 bytes holds 27 datagrams of 10 bytes, each to a destination of its own. */
    @ParameterizedTest
    @EnumSource
    void tenThousandBlockedPortsFitIn256MiB(Overflow overflow, TestReporter reporter) throws Exception {
        var lines = run("256m", Blocked.class, "10000", "1", overflow.name(), "100");
        reporter.publishEntry(String.join(", ", lines));
        assertEquals(2, lines.size(), lines::toString);
        assertEquals("blocked 27", lines.getFirst());
        assertTrue(Long.parseLong(lines.getLast()) <= Blocked.MOST_OFF_HEAP, lines::toString);
    }

    /** Each of a thousand ports wrote a thousand messages, of which the kernel took all but the last. */
    @Test
    void portsThatAreBlockedAfterABurstFitIn256MiB(TestReporter reporter) throws Exception {
        var lines = run("256m", Blocked.class, "1000", "1000", Overflow.REFUSE.name(), "1024");
        reporter.publishEntry(String.join(", ", lines));
        assertEquals(2, lines.size(), lines::toString);
        assertEquals("blocked 27", lines.getFirst());
        assertTrue(Long.parseLong(lines.getLast()) <= 2 * Blocked.MOST_OFF_HEAP, lines::toString);
    }

    @Test
    void aHundredPortsThatWriteInOneCallFitIn24MiB() throws Exception {
        assertEquals(List.of("received 100"), run("24m", InOneCall.class));
    }

    /**
     * Each port writes a burst, of which the kernel takes all but the last message, and then what its queue takes.
     * Prints how many datagrams each port has queued, and how many bytes off the heap it has cost.
     */
    static final class Blocked {

        /** Four pages: of payload, of the messages' headers, and of what the kernel and the allocator add to both. */
        static final int MOST_OFF_HEAP = 16_384;

        private Blocked() {}

        public static void main(String[] arguments) throws Exception {
            var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            var room = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200;
            var count = (int) Math.min(Integer.parseInt(arguments[0]), room);
            var burst = Integer.parseInt(arguments[1]);
            var options = Loopback.IPV4.options().withSendQueueBytes(2_000)
                    .withOverflow(Overflow.valueOf(arguments[2]));
            var destinations = IntStream.range(0, Integer.parseInt(arguments[3]))
                    .mapToObj(i -> SockAddr.of("127.0.0.1", 1024 + i)).toList();
            try (var faulty = new FaultyReactor()) {
                var ports = new ArrayList<DatagramTransport>();
                for (int i = 0; i < count; i++) {
                    ports.add(faulty.listen((datagram, transport) -> {}, options));
                    faulty.kernel.forget();
                }
                faulty.kernel.always(Syscall.SENDMMSG, call -> {
                    faulty.kernel.forget();
                    return call.number(2) == 1 ? -Errno.EAGAIN : call.number(2) - 1;
                });
                write(faulty, ports, 0, burst, destinations, resident());
                faulty.reactor.run();
            }
        }

        /** Ten ports a turn. */
        private static void write(FaultyReactor faulty, List<DatagramTransport> ports, int from, int burst,
                List<SockAddr> destinations, long before) throws IOException {
            if (from >= ports.size()) {
                var queued = ports.stream().mapToLong(port -> port.statistics().datagramsQueued()).sum();
                System.out.println("blocked " + queued / ports.size());
                System.out.println((resident() - before) / ports.size());
                // Closing the reactor would try to send all of it.
                Runtime.getRuntime().halt(0);
            }
            var some = ports.subList(from, Math.min(ports.size(), from + 10));
            faulty.reactor.callLater(Duration.ZERO, () -> {
                write(some, burst, destinations);
                faulty.reactor.callLater(Duration.ZERO, () -> {
                    write(some, 1_000, destinations);
                    write(faulty, ports, from + 10, burst, destinations, before);
                });
            });
        }

        private static void write(List<DatagramTransport> ports, int datagrams, List<SockAddr> destinations) {
            for (var port : ports) {
                for (int i = 0; i < datagrams; i++) {
                    port.write(new byte[10], destinations.get(i % destinations.size()));
                }
            }
        }

        /** The memory of this process, heap included, in bytes. */
        private static long resident() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        }
    }

    /** A hundred ports write ten bytes each, all in one call. */
    static final class InOneCall {

        private InOneCall() {}

        public static void main(String[] arguments) throws Exception {
            try (var reactor = Reactor.open();
                    var peer = Peer.open(Loopback.IPV4)) {
                var ports = new ArrayList<DatagramTransport>();
                for (int i = 0; i < 100; i++) {
                    ports.add(reactor.listenUdp(0, (datagram, transport) -> {}, Loopback.IPV4.options()));
                }
                Loop.phases(reactor, () -> {
                    for (var port : ports) {
                        port.write(new byte[10], peer.address());
                    }
                });
                System.out.println("received " + peer.received().size());
            }
        }
    }
}
