package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A buffer of several datagrams and a segment size make one message, and every counter counts its datagrams. */
@Tag("fault")
class SegmentSizeTest {

    private static boolean add(SendBatch batch, String payload, int segmentSize) {
        var bytes = MemorySegment.ofArray(Traffic.bytes(payload));
        return batch.add(bytes, 0, payload.length(), A, new SendOptions().segmentSize(segmentSize));
    }

    @ParameterizedTest
    @CsvSource({
            "10, 5,  2", "11, 5,  3", "9, 5,  2", "64, 1,  64", "5, 5,  1", "4, 5,  1", "0, 5,  1", "65000, 1200, 55",
            "65535, 65535, 1"
    })
    void aSegmentSizeMakesDatagramsOfABuffer(int length, int segmentSize, int datagrams) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var payload = ".".repeat(length);
            assertTrue(add(sender.batch, payload, segmentSize));
            assertEquals(datagrams, sender.batch.pendingDatagrams());
            assertEquals(length, sender.batch.pendingBytes());
            assertEquals(datagrams, sender.send());
            assertEquals(List.of(datagrams), sender.messageSizes());
            assertEquals(payload, String.join("", sender.arrived()));
            assertEquals(datagrams, sender.socket.statistics().datagramsSent());
            assertEquals(0, sender.batch.pendingDatagrams());
            assertEquals(0, sender.batch.pendingBytes());
        }
    }

    @ParameterizedTest
    @CsvSource({"65, 1", "129, 2", "65001, 1200", "65536, 65535"})
    void tooManySegmentsOrBytesAreRefused(int length, int segmentSize) throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var payload = ".".repeat(length);
            assertThrows(IllegalArgumentException.class, () -> add(sender.batch, payload, segmentSize));
            assertEquals(0, sender.batch.pendingDatagrams());
        }
    }

    @Test
    void noDatagramJoinsASegmentedBuffer() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.add(A, "11");
            add(sender.batch, "2233", 2);
            add(sender.batch, "4455", 2);
            sender.add(A, "66");
            add(sender.batch, "77", 2);
            sender.add(A, "88");
            assertEquals(8, sender.send());
            assertEquals(List.of(1, 2, 2, 1, 1, 1), sender.messageSizes());
            assertEquals(List.of("11", "22", "33", "44", "55", "66", "77", "88"), sender.arrived());
        }
    }

    @Test
    void aRefusedBufferIsSentOneByOne() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMMSG, Answer.accept(message -> {
                var bad = message.payload().startsWith("bb") ? Errno.EPERM : 0;
                return message.joined() ? Errno.EIO : bad;
            }));
            add(sender.batch, "aabbc", 2);
            assertEquals(3, sender.send());
            assertEquals(List.of("aa", "c"), sender.arrived());
            assertEquals(List.of(new SendFailure(A, 2, Errno.EPERM)), sender.batch.failures());
            var statistics = sender.socket.statistics();
            assertEquals(2, statistics.datagramsSent());
            assertEquals(1, statistics.datagramsFailed());
            assertEquals(1, statistics.datagramsForbidden());
            assertEquals(1, statistics.coalescingFallbacks());
        }
    }

    @Test
    void withoutKernelSegmentationABufferIsSentOneByOne() throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.GETSOCKOPT, call -> call.number(2) == Linux.UDP_SEGMENT()
                ? -Errno.ENOPROTOOPT
                : call.passOn());
        try (var sender = new ScriptedSender(kernel)) {
            add(sender.batch, "aabbc", 2);
            assertEquals(3, sender.send());
            assertEquals(List.of("aa", "bb", "c"), sender.arrived());
            assertEquals(List.of(1, 1, 1), sender.messageSizes());
        }
    }

    @Test
    void aDroppedBufferCountsAllItsDatagrams() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            add(sender.batch, "aabbc", 2);
            assertEquals(3, sender.batch.dropOldest());
            assertEquals(0, sender.batch.pendingBytes());
        }
    }

    @Test
    void aFullBatchTakesTheBufferAfterASend() throws SyscallException {
        try (var sender = new ScriptedSender();
                var small = SendBatch.open(65_535)) {
            assertTrue(add(small, ".".repeat(40_000), 1_000));
            assertEquals(false, add(small, ".".repeat(40_000), 1_000));
            assertEquals(40, sender.socket.send(small));
            assertTrue(add(small, ".".repeat(40_000), 1_000));
            assertEquals(40, small.pendingDatagrams());
        }
    }
}
