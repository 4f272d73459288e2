package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's tests of IReactorCore, under their names. */
@Tag("loopback")
class TwistedCoreTest {

    private final List<String> happened = new ArrayList<>();

    /** Twisted raises; here it comes from other threads, which can't know, and so it counts for the run to come. */
    @Test
    void stopWhenNotStarted() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.stop();
            reactor.onShutdown(() -> happened.add("shutdown"));
            Loop.run(reactor);
        }
        assertEquals(List.of("shutdown"), happened);
    }

    /** Twisted raises; here it does nothing. */
    @Test
    void stopWhenAlreadyStopped() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(reactor::stop);
            reactor.onShutdown(() -> happened.add("shutdown"));
            Loop.run(reactor);
            reactor.stop();
        }
        assertEquals(List.of("shutdown"), happened);
    }

    @Test
    void callWhenRunningOrder() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(() -> happened.add("first"));
            reactor.callWhenRunning(() -> happened.add("second"));
            reactor.callWhenRunning(reactor::stop);
            assertEquals(List.of(), happened);
            Loop.run(reactor);
        }
        assertEquals(List.of("first", "second"), happened);
    }

    @Test
    void runningForStartupEvents() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(() -> {
                var refused = assertThrows(IllegalStateException.class, reactor::close);
                happened.add("" + refused.getMessage());
                reactor.stop();
            });
            Loop.run(reactor);
        }
        assertEquals(List.of("the reactor is running: stop it first"), happened);
    }

    /** Of the three phases there is one, and then the ports are closed. */
    @Test
    void stopShutDownEvents() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Recorder() {
                @Override
                public void stopProtocol() {
                    happened.add("stopProtocol");
                }
            });
            reactor.onShutdown(() -> happened.add("before shutdown"));
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
            happened.add("run returned");
        }
        assertEquals(List.of("before shutdown", "stopProtocol", "run returned"), happened);
    }

    @Test
    void shutdownFiresTriggersAsynchronously() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> happened.add("before shutdown"));
            reactor.callWhenRunning(() -> {
                reactor.stop();
                happened.add("stopped");
            });
            Loop.run(reactor);
        }
        assertEquals(List.of("stopped", "before shutdown"), happened);
    }

    @Test
    void shutdownDisconnectsCleanly() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Recorder() {
                @Override
                public void stopProtocol() {
                    throw new IllegalStateException("simulated error");
                }
            });
            var other = new Recorder();
            reactor.listenUdp(0, other);
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
            assertEquals(1, log.lines().size());
            assertEquals(List.of("start", "stop"), other.events);
        }
    }

    @Test
    void multipleRun() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(() -> {
                assertThrows(IllegalStateException.class, reactor::run);
                happened.add("tested");
            });
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
        }
        assertEquals(List.of("tested"), happened);
    }

    @Test
    void runAfterStop() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
            assertThrows(IllegalStateException.class, reactor::run);
        }
    }

    /** ThreePhaseEventTests and SystemEventTests: what waits is waited for. */
    @Test
    void beforeReturnsDeferred() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Recorder() {
                @Override
                public void stopProtocol() {
                    happened.add("stopProtocol");
                }
            });
            reactor.onShutdown(() -> {
                happened.add("before");
                reactor.callFromThread(() -> reactor.callFromThread(() -> {
                    happened.add("complete");
                    stage.complete("");
                }));
                return stage;
            });
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
        }
        assertEquals(List.of("before", "complete", "stopProtocol"), happened);
    }

    @Test
    void multipleBeforeReturnDeferred() throws Exception {
        var first = new CompletableFuture<String>();
        var second = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                happened.add("first");
                return first;
            });
            reactor.onShutdown(() -> {
                happened.add("second");
                reactor.callFromThread(() -> {
                    happened.add("second is complete");
                    second.complete("");
                    reactor.callFromThread(() -> reactor.callFromThread(() -> {
                        happened.add("first is complete");
                        first.complete("");
                    }));
                });
                return second;
            });
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
        }
        assertEquals(List.of("first", "second", "second is complete", "first is complete"), happened);
    }

    /** A hook completes the stage of one before it, on which it did not have to wait. */
    @Test
    void subsequentBeforeTriggerFiresPriorBeforeDeferred() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                happened.add("first");
                return stage;
            });
            reactor.onShutdown(() -> {
                happened.add("second");
                stage.complete("");
            });
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
        }
        assertEquals(List.of("first", "second"), happened);
    }

    @Test
    void beforeTriggerException() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            reactor.onShutdown((Call) () -> {
                throw new Exception("raised");
            });
            reactor.onShutdown(() -> CompletableFuture.failedFuture(new Exception("failed")));
            reactor.onShutdown(() -> happened.add("before"));
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
            assertEquals(List.of("before"), happened);
            assertEquals(
                    List.of("shutdown hook: java.lang.Exception: raised", "shutdown hook: java.lang.Exception: failed"),
                    log.lines());
        }
    }

    @Test
    void triggersRunOnce() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                happened.add("before");
                reactor.stop();
                return CompletableFuture.completedFuture("");
            });
            reactor.callWhenRunning(() -> {
                reactor.stop();
                reactor.stop();
            });
            Loop.run(reactor);
        }
        assertEquals(List.of("before"), happened);
    }
}
