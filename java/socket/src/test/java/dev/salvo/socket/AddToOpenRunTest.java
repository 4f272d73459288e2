package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A datagram that continues the open run is added on a shorter code path. No other datagram may take that path. */
@Tag("fault")
class AddToOpenRunTest {

    private static final byte[] TEN = Traffic.bytes("0123456789");
    private static final MemorySegment SEGMENT = MemorySegment.ofArray(TEN);

    private ScriptedSender sender;

    @BeforeEach
    void open() throws SyscallException {
        sender = new ScriptedSender();
    }

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void segmentsAndArraysJoinTheOpenRun() {
        sender.add(A, "aa");
        sender.batch.add(SEGMENT, 3, 2, A);
        sender.batch.add(TEN, 5, 2, A);
        assertEquals(3, sender.batch.pendingDatagrams());
        assertEquals(6, sender.batch.pendingBytes());
        sender.send();
        assertEquals(List.of("aa", "34", "56"), sender.arrived());
        assertEquals(List.of(3), sender.messageSizes());
    }

    @Test
    void datagramsWithoutDestinationJoinEachOther() {
        sender.add(null, "aa");
        sender.batch.add(TEN, 0, 2, null);
        sender.batch.add(TEN, 2, 2, A);
        sender.add(A, "aa");
        sender.batch.add(TEN, 4, 2, null);
        sender.send();
        assertEquals(List.of("aa", "01", "45"), sender.arrived(null));
        assertEquals(List.of("23", "aa"), sender.arrived(A));
        assertEquals(List.of(3, 2), sender.messageSizes());
    }

    /**
     * What the batch did before, and the resulting message sizes once two datagrams of two bytes to A have been added.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Before(String name, Consumer<ScriptedSender> what, Integer... sizes) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Before> others() {
        return Stream.of(
                new Before("nothing", s -> {}, 2),
                new Before("another length", s -> s.add(A, "aaa"), 2, 1),
                new Before("another destination", s -> s.add(B, "aa"), 1, 2),
                new Before("nothing long", s -> s.add(A, ""), 1, 2),
                new Before("a shorter end", s -> s.add(A, "aaa", "aa"), 2, 2),
                new Before("options", s -> s.batch.add(SEGMENT, 0, 2, A, new SendOptions().trafficClass(1)), 1, 2),
                new Before("a full message", s -> {
                    s.batch.maxSegments(2);
                    s.add(A, "aa", "aa");
                }, 2, 2),
                new Before("coalescing off", s -> {
                    s.batch.coalescing(false);
                    s.add(A, "aa");
                }, 1, 1, 1),
                new Before("coalescing switched off", s -> {
                    s.add(A, "aa");
                    s.batch.coalescing(false);
                }, 1, 1, 1),
                new Before("all sent", s -> {
                    s.add(A, "aa");
                    s.send();
                }, 1, 2),
                new Before("blocked", s -> {
                    s.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
                    s.add(A, "aa");
                    s.send();
                }, 3),
                new Before("dropped", s -> {
                    s.add(A, "aa");
                    s.batch.dropOldest();
                }, 2),
                new Before("cleared", s -> {
                    s.add(A, "aa");
                    s.batch.clear();
                }, 2));
    }

    @ParameterizedTest
    @MethodSource("others")
    void theShortWayNeedsAMatchingRun(Before before) {
        before.what.accept(sender);
        // The test does not query the batch before, since a count of the pending datagrams ends a run.
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(TEN, 1, -1, A), "no run has this length");
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(SEGMENT, 1, -1, A));
        sender.batch.add(TEN, 0, 2, A);
        sender.batch.add(SEGMENT, 2, 2, A);
        sender.send();
        assertEquals(List.of(before.sizes), sender.messageSizes());
        var arrived = sender.arrived(A);
        assertEquals(List.of("01", "23"), arrived.subList(arrived.size() - 2, arrived.size()));
    }

    @Test
    void aClosedBatchRefusesTheAdd() {
        sender.add(A, "aa");
        sender.batch.close();
        assertThrows(IllegalStateException.class, () -> sender.batch.add(TEN, 0, 2, A));
        assertThrows(IllegalStateException.class, () -> sender.batch.add(SEGMENT, 0, 2, A));
    }

    @ParameterizedTest
    @CsvSource({"-1", "9", "10", "2147483647"})
    void aRangeOutsideThePayloadIsRefused(int offset) {
        sender.add(A, "aa");
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(TEN, offset, 2, A));
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(SEGMENT, offset, 2, A));
        assertEquals(1, sender.batch.pendingDatagrams());
    }

    @Test
    void aSegmentOfAClosedArenaIsRefused() {
        sender.add(A, "aa");
        MemorySegment gone;
        try (var arena = Arena.ofConfined()) {
            gone = arena.allocate(2);
        }
        assertThrows(IllegalStateException.class, () -> sender.batch.add(gone, 0, 2, A));
        assertEquals(1, sender.batch.pendingDatagrams());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherThreadIsRefusedAndChangesNothing(boolean array) {
        sender.add(A, "aa");
        var added = CompletableFuture.supplyAsync(
                () -> array ? sender.batch.add(TEN, 0, 2, A) : sender.batch.add(SEGMENT, 0, 2, A));
        var failure = assertThrows(CompletionException.class, added::join);
        assertInstanceOf(WrongThreadException.class, failure.getCause());
        sender.send();
        assertEquals(List.of("aa"), sender.arrived());
    }
}
