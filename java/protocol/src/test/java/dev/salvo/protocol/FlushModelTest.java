package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever sendmmsg returns, and in whatever order: every datagram that write accepts arrives once and in order for its
 * destination, or is reported as failed, or, with DROP_OLDEST, is counted as dropped from the full queue.
 */
@Tag("fault")
class FlushModelTest {

    private static final int TURNS = 600;
    private static final int PEERS = 3;

    private final List<Peer> peers = new ArrayList<>();
    private final List<List<String>> written = new ArrayList<>();
    private long failed;
    private int number;

    private final Recorder protocol = new Recorder() {
        @Override
        public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {
            assertEquals(Errno.ECONNREFUSED, errno);
            failed++;
        }
    };

    private static Answer anyAnswer(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> Answer.error(Errno.EAGAIN);
            case 2 -> Answer.error(Errno.ENOBUFS);
            // Usually the error of another datagram: only four in a row count as the datagram's own.
            case 3, 4 -> Answer.error(Errno.ECONNREFUSED);
            case 5 -> Answer.error(Errno.EINTR);
            case 6, 7, 8 -> Answer.real(1 + random.nextInt(3));
            default -> Answer.real();
        };
    }

    @ParameterizedTest
    @CsvSource({"true, REFUSE", "false, REFUSE", "true, DROP_OLDEST", "false, DROP_OLDEST"})
    void nothingIsLostDoubledOrReordered(boolean coalescing, Overflow overflow) throws Exception {
        var seed = Long.getLong("salvo.test.seed", System.nanoTime());
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (var faulty = new FaultyReactor()) {
            for (int i = 0; i < PEERS; i++) {
                peers.add(Peer.open(Loopback.IPV4));
                written.add(new ArrayList<>());
            }
            var options = Loopback.IPV4.options().withCoalescing(coalescing).withOverflow(overflow)
                    .withSendQueueBytes(overflow == Overflow.REFUSE ? 100_000 : 5_000);
            var port = faulty.listen(protocol, options);
            faulty.kernel.always(Syscall.SENDMMSG, call -> anyAnswer(random).to(call));
            var phases = new Call[TURNS];
            for (int i = 0; i < TURNS; i++) {
                phases[i] = () -> anyTurn(faulty, port, random);
            }
            phases[TURNS - 1] = () -> settle(faulty, port);
            Loop.phases(faulty.reactor, phases);
            long arrived = 0;
            long taken = 0;
            for (int i = 0; i < PEERS; i++) {
                var received = peers.get(i).received();
                assertSubsequence(received, written.get(i));
                arrived += received.size();
                taken += written.get(i).size();
            }
            assertTrue(taken > 2_000, "too few datagrams were written");
            var overflowed = port.statistics().datagramsOverflowed();
            assertEquals(overflow == Overflow.DROP_OLDEST, overflowed > 0);
            assertEquals(taken, arrived + failed + overflowed);
            assertEquals(failed, port.statistics().socket().datagramsFailed());
            assertEquals(0, port.statistics().datagramsDropped());
        } catch (Throwable t) {
            throw new AssertionError("-Dsalvo.test.seed=" + seed, t);
        } finally {
            peers.forEach(Peer::close);
        }
    }

    private void anyTurn(FaultyReactor faulty, DatagramTransport port, RandomGenerator random) {
        if (faulty.epoll.interests.getLast().endsWith("out") && random.nextBoolean()) {
            faulty.tellWritable();
        }
        for (int i = random.nextInt(20); i > 0; i--) {
            var to = random.nextInt(PEERS);
            var text = ++number + "x".repeat(100 * random.nextInt(3));
            var payload = text.getBytes(ISO_8859_1);
            var address = peers.get(to).address();
            if (port.write(payload, address)) {
                written.get(to).add(text);
            }
            if (random.nextInt(30) == 0) {
                port.flush();
            }
        }
    }

    /** Lets the kernel accept everything from now on, and flushes the queue, whatever it is waiting for. */
    private void settle(FaultyReactor faulty, DatagramTransport port) {
        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
        port.flush();
        assertEquals(0, port.statistics().datagramsQueued());
    }

    private static void assertSubsequence(List<String> received, List<String> written) {
        int next = 0;
        for (var text : received) {
            while (next < written.size() && !written.get(next).equals(text)) {
                next++;
            }
            assertTrue(next < written.size(), () -> text + " arrived twice or out of order");
            next++;
        }
    }
}
