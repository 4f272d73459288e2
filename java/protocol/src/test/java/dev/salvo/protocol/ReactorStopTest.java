package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** stop from another thread wakes a loop that waits for ever. */
@Tag("loopback")
class ReactorStopTest {

    @Test
    void aWaitingLoopEndsAtOnce() throws Exception {
        try (var running = ReactorThread.start()) {
            var reactor = running.reactor();
            var protocol = new Recorder();
            running.listen(Loopback.IPV4, protocol);
            awaitNativeWait(running);
            var begin = System.nanoTime();
            reactor.stop();
            running.join();
            assertTrue(System.nanoTime() - begin < 5_000_000_000L);
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    /** Wherever in its turn the loop happens to be. */
    @RepeatedTest(200)
    void atAnyMoment() throws Exception {
        try (var running = ReactorThread.start()) {
            running.reactor().stop();
            running.join();
        }
    }

    /** Gives the loop the time to go to sleep. Should it not have yet, the test shows less, and fails no less. */
    private static void awaitNativeWait(ReactorThread running) throws Exception {
        running.call(() -> 0);
        Thread.sleep(50);
    }
}
