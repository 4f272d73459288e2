package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A reactor runs once, is stopped by anyone at any time, and is closed when it does not run. */
@Tag("loopback")
class ReactorStatesTest {

    private static String refusal(Executable executable) {
        return String.valueOf(assertThrows(IllegalStateException.class, executable).getMessage());
    }

    @Test
    void runningTwiceIsRefused() throws Exception {
        var refused = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                refused.add(refusal(reactor::run));
                reactor.stop();
            });
            Loop.run(reactor);
            refused.add(refusal(reactor::run));
        }
        assertEquals("the reactor is running", refused.get(0));
        assertEquals("the reactor has stopped, and runs once", refused.get(1));
    }

    @Test
    void aClosedReactorDoesNothingMore() throws Exception {
        var reactor = Reactor.open();
        reactor.close();
        reactor.close();
        assertEquals("the reactor is closed", refusal(reactor::run));
        assertEquals("the reactor is closed", refusal(() -> reactor.listenUdp(0, new Recorder())));
        // These come from other threads, which can't know.
        reactor.stop();
        reactor.callFromThread(() -> {});
    }

    @Test
    void closingIsRefusedWhileItRunsAndTheLoopGoesOn() throws Exception {
        var refused = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                refused.add(refusal(reactor::close));
                reactor.callLater(Duration.ZERO, () -> {
                    refused.add("and on");
                    reactor.stop();
                });
            });
            Loop.run(reactor);
        }
        assertEquals("the reactor is running: stop it first", refused.get(0));
        assertEquals("and on", refused.get(1));
    }

    @Test
    void stoppingBeforeItRunsEndsItAfterOneTurn() throws Exception {
        var calls = new ArrayList<String>();
        try (var reactor = Reactor.open()) {
            reactor.stop();
            reactor.callLater(Duration.ZERO, () -> calls.add("first turn"));
            reactor.callLater(Duration.ofSeconds(20), () -> calls.add("never"));
            var begin = System.nanoTime();
            reactor.run();
            assertTrue(System.nanoTime() - begin < 10_000_000_000L);
        }
        assertEquals("[first turn]", calls.toString());
    }

    @Test
    void stoppingTwiceIsOnce() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callLater(Duration.ZERO, () -> {
                reactor.stop();
                reactor.stop();
            });
            Loop.run(reactor);
            reactor.stop();
        }
    }
}
