package dev.salvo.socket;

import static dev.salvo.socket.ScriptedReceiver.pieces;
import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Layouts;
import dev.salvo.linux.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the headers contain, only copied bytes are read, and no payload is lost (traps 11 to 13). */
@Tag("fault")
class ReceiveGarbageTest {

    private static final byte[] NOTHING = {};

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 200), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomControlBytesLoseNoPayload(long seed) throws SyscallException {
        var random = new SplittableRandom(seed);
        var garbage = new byte[random.nextInt(300)];
        random.nextBytes(garbage);
        if (garbage.length >= 16 && random.nextBoolean()) {
            // A header that is nearly valid, so that it passes the first length check.
            var length = random.nextInt(garbage.length + 8);
            header(garbage, length, Layouts.SOL_UDP, Layouts.UDP_GRO);
        }
        try (var receiver = new ScriptedReceiver(1, 1000)) {
            var payload = pieces(random.nextInt(1001), 100);
            receiver.receive(Incoming.from(A, payload).control(garbage));

            var all = new StringBuilder();
            for (var datagram = receiver.batch.next(); datagram != null; datagram = receiver.batch.next()) {
                var control = receiver.batch.control();
                while (control.next()) {
                    assertTrue(control.dataLength() <= ReceiveBatch.CONTROL_ROOM);
                }
                all.append(Traffic.text(datagram));
            }
            assertEquals(payload, all.toString(), () -> "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void anInvalidSegmentSizeLosesNoPayload(int segmentSize) throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abc").gro(segmentSize));

            assertEquals("abc", String.join("", receiver.payloads()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 65_535, Integer.MAX_VALUE})
    void aSegmentSizeOfTheWholeMessageOrMoreSplitsNothing(int segmentSize) throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abc").gro(segmentSize));

            assertEquals(List.of("abc"), receiver.payloads());
        }
    }

    @Test
    void aTruncatedSegmentSizeIsIgnored() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abc").control(Layouts.SOL_UDP, Layouts.UDP_GRO, NOTHING));

            assertEquals(List.of("abc"), receiver.payloads());
        }
    }

    @Test
    void aSegmentSizeAfterOtherMessagesIsFound() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abc")
                    .control(Linux.IPPROTO_IP(), Layouts.UDP_GRO, new byte[]{1, 0, 0, 0})
                    .control(Layouts.SOL_UDP, Layouts.UDP_SEGMENT, new byte[]{1, 0, 0, 0})
                    .control(Linux.IPPROTO_IP(), Linux.IP_TOS(), new byte[]{1})
                    .gro(2));

            assertEquals(List.of("ab", "c"), receiver.payloads());
        }
    }

    @Test
    void controlMessagesThatDidNotFitAreCounted() throws SyscallException {
        try (var receiver = new ScriptedReceiver()) {
            receiver.receive(Incoming.from(A, "abc").control(new byte[ReceiveBatch.CONTROL_ROOM + 1]),
                    Incoming.from(A, "d"));

            assertEquals(List.of("abc", "d"), receiver.payloads());
            assertEquals(1, receiver.socket.statistics().controlTruncated());
        }
    }

    @Test
    void aLengthBeyondTheSlotShowsOnlyTheCopiedBytes() throws SyscallException {
        try (var receiver = new ScriptedReceiver(2, 100)) {
            receiver.receive(Incoming.from(A, "x".repeat(100)).reportedLength(65_535), Incoming.from(A, "next"));

            var datagram = receiver.next();
            assertEquals(100, datagram.length());
            assertTrue(datagram.truncated());
            assertEquals(100, datagram.asByteBuffer().remaining());
            assertEquals(List.of("next"), receiver.payloads());
        }
    }

    private static void header(byte[] control, long length, int level, int type) {
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).putLong(length).putInt(level).putInt(type);
    }
}
