package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the kernel does, whenever datagrams are added, and whenever the batch grows or is made smaller: each
 * datagram is either sent or reported as failed, once, with its options, and in order for each destination. A seed that
 * failed is added to {@link #seeds}.
 */
@Tag("fault")
class SendModelTest {

    private static final int[] SIZES = {
            0, 1, 8, 8, 8, 8, 8, 12, 40, 41, 41, 41, 41, 41, 1200, 1200
    };
    /** Many rounds with few datagrams each: mistakes hide where datagrams are added while others are still pending. */
    private static final int ROUNDS = 50;

    private record Added(SockAddr destination, String payload, String options) {
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 60), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyDatagramIsSentOrFailsOnceAndInOrder(long seed) throws SyscallException {
        var random = new SplittableRandom(seed);
        var added = new ArrayList<Added>();
        var failures = new ArrayList<SendFailure>();
        try (var sender = new ScriptedSender();
                var receiver = new ScriptedReceiver();
                var other = sender.openSocket()) {
            sender.batch.borrowFrom(receiver.batch);
            sender.kernel.always(Syscall.SENDMMSG, new MoodyKernel(random, (int) (seed & 3)));
            int done = 0;
            for (int round = 0; round < ROUNDS || sender.batch.pendingDatagrams() > 0; round++) {
                assertTrue(round < 5000, () -> "seed " + seed + ": the send never ends");
                if (round < ROUNDS) {
                    addSome(random, sender.batch, added);
                    addReceived(random, sender.batch, receiver, added);
                }
                if (random.nextInt(4) == 0) {
                    sender.batch.trimToSize();
                }
                var seen = sender.batch.failures().size();
                var socket = random.nextInt(4) == 0 ? other : sender.socket;
                done += socket.send(sender.batch);
                var reported = sender.batch.failures();
                failures.addAll(reported.subList(seen, reported.size()));
                assertEquals(added.size() - done, sender.batch.pendingDatagrams(), () -> "seed " + seed);
            }
            assertEquals(0, sender.batch.pendingBytes(), () -> "seed " + seed);
            check(seed, added, sender.kernel.arrived(), failures);
            var statistics = sender.socket.statistics();
            var others = other.statistics();
            assertEquals(failures.size(), statistics.datagramsFailed() + others.datagramsFailed());
            assertEquals(added.size() - failures.size(), statistics.datagramsSent() + others.datagramsSent());
        }
    }

    private static void addSome(SplittableRandom random, SendBatch batch, List<Added> added) {
        batch.coalescing(random.nextInt(8) > 0);
        batch.maxSegments(random.nextBoolean() ? 64 : 1 + random.nextInt(8));
        for (int i = random.nextInt(16); i > 0; i--) {
            var destinations = MoodyKernel.DESTINATIONS;
            var destination = destinations.get(random.nextInt(destinations.size()));
            var payload = payload(SIZES[random.nextInt(SIZES.length)], added.size(), random.nextInt(30) == 0);
            var bytes = Traffic.bytes(payload);
            var trafficClass = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
            var options = trafficClass == 0 ? new SendOptions() : new SendOptions().trafficClass(trafficClass);
            var segment = bytes.length;
            if (random.nextInt(6) == 0) {
                segment = Math.max(8, bytes.length / 10);
                options.segmentSize(segment);
            }
            if (!batch.add(MemorySegment.ofArray(bytes), 0, bytes.length, destination, options)) {
                return;
            }
            int at = 0;
            do {
                var one = payload.substring(at, Math.min(at + segment, payload.length()));
                added.add(new Added(destination, one, options(destination, trafficClass)));
                at += segment;
            } while (at < payload.length());
        }
    }

    /** The receive overwrites the previously received payload, whether it was sent or not. */
    private static void addReceived(SplittableRandom random, SendBatch batch, ScriptedReceiver receiver,
            List<Added> added) throws SyscallException {
        var messages = new ArrayList<Incoming>();
        for (int i = random.nextInt(4); i > 0; i--) {
            var size = SIZES[random.nextInt(4, SIZES.length)];
            var message = new StringBuilder();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                message.append(payload(size, random.nextInt(1_000_000), random.nextInt(30) == 0));
            }
            message.setLength(message.length() - random.nextInt(3));
            messages.add(Incoming.from(ScriptedSender.A, message.toString()).gro(size));
        }
        receiver.receive(messages.toArray(Incoming[]::new));
        var destination = MoodyKernel.DESTINATIONS.get(random.nextInt(MoodyKernel.DESTINATIONS.size()));
        for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
            if (random.nextInt(4) == 0) {
                destination = MoodyKernel.DESTINATIONS.get(random.nextInt(MoodyKernel.DESTINATIONS.size()));
            }
            if (random.nextInt(20) > 0 && batch.add(datagram, destination)) {
                added.add(new Added(destination, Traffic.text(datagram), ""));
            }
        }
    }

    /** The options in the form of {@link SentDatagram}. */
    private static String options(SockAddr destination, int trafficClass) {
        if (trafficClass == 0) {
            return "";
        }
        return destination.isIpv6()
                ? Linux.IPPROTO_IPV6() + ":" + Linux.IPV6_TCLASS() + "=" + trafficClass
                : Linux.IPPROTO_IP() + ":" + Linux.IP_TOS() + "=" + trafficClass;
    }

    /** A payload of 8 bytes or more is unique. */
    private static String payload(int size, int number, boolean bad) {
        var unique = (bad ? MoodyKernel.BAD : '.') + Integer.toString(number);
        return unique.repeat(size / unique.length() + 1).substring(0, size);
    }

    private static void check(
            long seed, List<Added> added, List<SentDatagram> arrived, List<SendFailure> failures) {
        for (var destination : MoodyKernel.DESTINATIONS) {
            var good = new ArrayList<SentDatagram>();
            var bad = new ArrayList<SendFailure>();
            for (var datagram : added) {
                if (datagram.destination.equals(destination)) {
                    var errno = MoodyKernel.refuses(destination, datagram.payload);
                    if (errno == 0) {
                        good.add(new SentDatagram(destination, datagram.payload, datagram.options));
                    } else {
                        bad.add(new SendFailure(destination, datagram.payload.length(), errno));
                    }
                }
            }
            var here = arrived.stream().filter(datagram -> datagram.isTo(destination));
            assertEquals(good, here.toList(), () -> "seed " + seed + ": arrived at " + destination);
            var failed = failures.stream().filter(failure -> Objects.equals(destination, failure.destination()));
            assertEquals(bad, failed.toList(), () -> "seed " + seed + ": failed to " + destination);
        }
    }
}
