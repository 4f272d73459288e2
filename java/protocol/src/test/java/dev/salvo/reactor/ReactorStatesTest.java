package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A reactor runs once. Any thread may stop it at any time. It can be closed only while it does not run. */
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
        assertEquals("the reactor has stopped and can't run again", refused.get(1));
    }

    @Test
    void aClosedReactorDoesNothingMore() throws Exception {
        var reactor = Reactor.open();
        reactor.close();
        reactor.close();
        assertEquals("the reactor is closed", refusal(reactor::run));
        assertEquals("the reactor is closed", refusal(() -> reactor.listenUdp(0, new Recorder())));
        // Other threads may call these, since they cannot know that the reactor is closed.
        reactor.stop();
        reactor.callFromThread(() -> {});
    }

    @Test
    void closingARunningReactorIsRefusedAndTheLoopGoesOn() throws Exception {
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
    void stoppingBeforeRunEndsTheLoopAfterOneTurn() throws Exception {
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
    void aSecondStopDoesNothing() throws Exception {
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
