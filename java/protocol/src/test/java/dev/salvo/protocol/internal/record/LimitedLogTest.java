package dev.salvo.protocol.internal.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Exceptions that others can cause are logged at most ten times a second, followed by the number that was not logged.
 */
@Tag("unit")
class LimitedLogTest {

    private static final long SECOND = 1_000_000_000;

    private final CapturedLog captured = CapturedLog.open();
    private long now = Long.MAX_VALUE - SECOND / 2;
    private final LimitedLog log = new LimitedLog(() -> now);

    @AfterEach
    void close() {
        captured.close();
    }

    private void errors(int from, int to) {
        IntStream.range(from, to).forEach(i -> log.error("e" + i, new IllegalStateException()));
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
    }

    @Test
    void tenExceptionsAreLoggedAndTheOthersCounted() {
        errors(0, 1_234);
        assertEquals(lines(0, 10), captured.messages());
        log.tellIfDue();
        assertEquals(10, captured.messages().size());
        now += SECOND;
        log.tellIfDue();
        log.tellIfDue();
        assertEquals("1,224 more lines were not logged", captured.messages().getLast());
        assertEquals(11, captured.messages().size());
    }

    @Test
    void theNextSecondLogsTenAgain() {
        var expected = new ArrayList<>(lines(0, 10));
        errors(0, 12);
        now += SECOND;
        errors(12, 30);
        expected.add("2 more lines were not logged");
        expected.addAll(lines(12, 22));
        assertEquals(expected, captured.messages());
    }

    @Test
    void aFewExceptionsASecondAreAllLogged() {
        for (int i = 0; i < 100; i++) {
            errors(i, i + 1);
            now += SECOND / 10;
        }
        log.tell();
        assertEquals(lines(0, 100), captured.messages());
    }

    @Test
    void theLoopSleepsAtMostUntilTheCountIsDue() {
        errors(0, 10);
        assertEquals(-1, log.sleep(-1));
        assertEquals(5, log.sleep(5));
        errors(10, 11);
        now += SECOND / 4;
        assertEquals(SECOND * 3 / 4, log.sleep(-1));
        assertEquals(SECOND * 3 / 4, log.sleep(SECOND));
        assertEquals(5, log.sleep(5));
        now += SECOND;
        assertEquals(0, log.sleep(-1));
        log.tellIfDue();
        assertEquals(-1, log.sleep(-1));
    }

    @Test
    void anyThreadMayLog() throws InterruptedException {
        var threads = IntStream.range(0, 8).mapToObj(i -> Thread.ofPlatform().start(() -> errors(0, 1_000))).toList();
        for (var thread : threads) {
            thread.join();
        }
        log.tell();
        assertEquals(11, captured.messages().size());
        assertTrue(captured.messages().contains("7,990 more lines were not logged"));
    }
}
