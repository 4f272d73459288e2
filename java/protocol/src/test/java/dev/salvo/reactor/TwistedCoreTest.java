package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Recorder;
import dev.salvo.protocol.clock.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's tests of IReactorCore, under their names. */
@Tag("loopback")
class TwistedCoreTest {

    private final List<String> happened = new ArrayList<>();

    /**
     * Twisted raises an exception. Salvo accepts stop before run, since other threads cannot know the reactor's state:
     * the run that follows ends after one turn.
     */
    @Test
    void stopWhenNotStarted() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.stop();
            reactor.onShutdown(() -> happened.add("shutdown"));
            Loop.run(reactor);
        }
        assertEquals(List.of("shutdown"), happened);
    }

    /** Twisted raises an exception; here stop does nothing. */
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

    /** Twisted has three phases of shutdown triggers; Salvo has one, after which the ports are closed. */
    @Test
    void stopShutDownEvents() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Recorder() {
                @Override
                public void stopProtocol(DatagramTransport transport) {
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
                public void stopProtocol(DatagramTransport transport) {
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

    /** ThreePhaseEventTests and SystemEventTests: the shutdown waits for the stage that a hook returns. */
    @Test
    void beforeReturnsDeferred() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, new Recorder() {
                @Override
                public void stopProtocol(DatagramTransport transport) {
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

    /** A hook completes the stage of an earlier hook. It is called although that stage is not complete yet. */
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
