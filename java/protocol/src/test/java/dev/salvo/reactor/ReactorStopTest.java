package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Recorder;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** stop, called on another thread, wakes a loop that waits without a timeout. */
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

    /** Repeated, so that the stop arrives at different points of the turn. */
    @RepeatedTest(200)
    void stopEndsTheLoopAtAnyPointOfItsTurn() throws Exception {
        try (var running = ReactorThread.start()) {
            running.reactor().stop();
            running.join();
        }
    }

    /** Gives the loop time to go to sleep. If it does not sleep by then, the test proves less but does not fail. */
    private static void awaitNativeWait(ReactorThread running) throws Exception {
        running.call(() -> 0);
        Thread.sleep(50);
    }
}
