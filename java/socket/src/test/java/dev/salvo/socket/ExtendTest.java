package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes on where the last datagram ended is added at once; all else is left to add, and changes nothing. */
@Tag("fault")
class ExtendTest {

    private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.ISO_8859_1);
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
    void takesSegmentsAndArrays() {
        sender.add(A, "aa");
        assertTrue(sender.batch.extend(SEGMENT, 3, 2, A));
        assertTrue(sender.batch.extend(TEN, 5, 2, A));
        assertEquals(3, sender.batch.pendingDatagrams());
        assertEquals(6, sender.batch.pendingBytes());
        sender.send();
        assertEquals(List.of("aa", "34", "56"), sender.arrived());
        assertEquals(List.of(3), sender.messageSizes());
    }

    @Test
    void noDestinationIsTheOneOfTheLastOneThatHadNone() {
        sender.add(null, "aa");
        assertTrue(sender.batch.extend(TEN, 0, 2, null));
        assertFalse(sender.batch.extend(TEN, 0, 2, A));
        sender.add(A, "aa");
        assertFalse(sender.batch.extend(TEN, 0, 2, null));
        sender.send();
        assertEquals(List.of("aa", "01"), sender.arrived(null));
        assertEquals(List.of("aa"), sender.arrived(A));
    }

    static Stream<Named<Consumer<ScriptedSender>>> others() {
        return Stream.of(
                Named.of("nothing", s -> {}),
                Named.of("another length", s -> s.add(A, "aaa")),
                Named.of("another destination", s -> s.add(B, "aa")),
                Named.of("nothing long", s -> s.add(A, "")),
                Named.of("a shorter end", s -> s.add(A, "aaa", "aa")),
                Named.of("options", s -> s.batch.add(SEGMENT, 0, 2, A, new SendOptions().trafficClass(1))),
                Named.of("a full message", s -> {
                    s.batch.maxSegments(2);
                    s.add(A, "aa", "aa");
                }),
                Named.of("coalescing off", s -> {
                    s.batch.coalescing(false);
                    s.add(A, "aa");
                }),
                Named.of("coalescing switched off", s -> {
                    s.add(A, "aa");
                    s.batch.coalescing(false);
                }),
                Named.of("all sent", s -> {
                    s.add(A, "aa");
                    s.send();
                }),
                Named.of("blocked", s -> {
                    s.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
                    s.add(A, "aa");
                    s.send();
                }),
                Named.of("dropped", s -> {
                    s.add(A, "aa");
                    s.batch.dropOldest();
                }),
                Named.of("cleared", s -> {
                    s.add(A, "aa");
                    s.batch.clear();
                }));
    }

    @ParameterizedTest
    @MethodSource("others")
    void doesNotGoOnFrom(Consumer<ScriptedSender> before) {
        before.accept(sender);
        assertNothingAdded();
    }

    private void assertNothingAdded() {
        assertFalse(sender.batch.extend(TEN, 0, 2, A));
        assertFalse(sender.batch.extend(SEGMENT, 0, 2, A));
        var datagrams = sender.batch.pendingDatagrams();
        assertFalse(sender.batch.extend(TEN, 0, 2, A));
        assertFalse(sender.batch.extend(TEN, 1, -1, A), "no run has this length");
        assertEquals(datagrams, sender.batch.pendingDatagrams());
    }

    @Test
    void aClosedBatchTakesNothing() {
        sender.add(A, "aa");
        sender.batch.close();
        assertFalse(sender.batch.extend(TEN, 0, 2, A));
        assertThrows(IllegalStateException.class, () -> sender.batch.add(TEN, 0, 2, A));
    }

    @ParameterizedTest
    @CsvSource({"-1", "9", "10", "2147483647"})
    void bytesOutsideAreRefused(int offset) {
        sender.add(A, "aa");
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.extend(TEN, offset, 2, A));
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.extend(SEGMENT, offset, 2, A));
        assertThrows(IndexOutOfBoundsException.class, () -> sender.batch.add(TEN, offset, 2, A));
        assertEquals(1, sender.batch.pendingDatagrams());
    }

    @Test
    void ofAClosedArenaIsRefused() {
        sender.add(A, "aa");
        MemorySegment gone;
        try (var arena = Arena.ofConfined()) {
            gone = arena.allocate(2);
        }
        assertThrows(IllegalStateException.class, () -> sender.batch.extend(gone, 0, 2, A));
        assertEquals(1, sender.batch.pendingDatagrams());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anotherThreadIsRefusedAndChangesNothing(boolean array) {
        sender.add(A, "aa");
        var extended = CompletableFuture.supplyAsync(
                () -> array ? sender.batch.extend(TEN, 0, 2, A) : sender.batch.extend(SEGMENT, 0, 2, A));
        var failure = assertThrows(CompletionException.class, extended::join);
        assertInstanceOf(WrongThreadException.class, failure.getCause());
        sender.send();
        assertEquals(List.of("aa"), sender.arrived());
    }
}
