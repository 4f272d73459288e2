package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shutdown hooks run before the ports are closed. The loop goes on until the stages of the hooks are complete. */
@Tag("loopback")
class OnShutdownTest {

    private final List<String> happened = new ArrayList<>();

    @Test
    void portsAreServedUntilTheStageIsComplete() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(
                    0,
                    (datagram, transport) -> {
                        transport.write(datagram, datagram.source());
                        stage.complete("");
                    },
                    Loopback.IPV4.options());
            reactor.onShutdown(() -> {
                peer.send(port, "late");
                return stage;
            });
            reactor.callWhenRunning(reactor::stop);
            Loop.run(reactor);
            assertEquals(List.of("late"), peer.received());
        }
    }

    /** The loop sleeps while it waits. A stage that another thread completes wakes it. */
    @Test
    void anotherThreadMayCompleteTheStage() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var running = ReactorThread.start()) {
            var waiting = new CompletableFuture<String>();
            running.call(() -> {
                running.reactor().onShutdown(() -> {
                    waiting.complete("");
                    return stage;
                });
                running.reactor().stop();
                return 0;
            });
            waiting.get(10, TimeUnit.SECONDS);
            // The waiting loop still makes calls.
            assertTrue(running.thread().isAlive());
            assertEquals(7, running.call(() -> 7));
            stage.complete("");
            running.join();
        }
    }

    /** A loop that waits for a stage sleeps and does not poll repeatedly. */
    @Test
    void theLoopSleepsWhileItWaits() throws Exception {
        try (var faulty = new FaultyReactor()) {
            var stage = new CompletableFuture<String>();
            faulty.reactor.onShutdown(() -> {
                faulty.reactor.callLater(Duration.ofMillis(100), () -> stage.complete(""));
                return stage;
            });
            faulty.reactor.stop();
            faulty.turns(1);
            var polls = faulty.count(Syscall.EPOLL_PWAIT2);
            assertTrue(polls < 10, () -> polls + " polls");
        }
    }

    @Test
    void aSecondStopDoesNotEndTheWaitForAHook() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                reactor.stop();
                reactor.callLater(Duration.ofMillis(20), () -> {
                    reactor.stop();
                    reactor.callLater(Duration.ofMillis(20), () -> {
                        happened.add("complete");
                        stage.complete("");
                    });
                });
                return stage;
            });
            reactor.stop();
            Loop.run(reactor);
        }
        assertEquals(List.of("complete"), happened);
    }

    @Test
    void hooksMayBeAddedByHooksAndByCallsMeanwhile() throws Exception {
        var stage = new CompletableFuture<String>();
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> {
                happened.add("first");
                reactor.onShutdown(() -> happened.add("added by a hook"));
                reactor.callLater(Duration.ofMillis(5), () -> {
                    reactor.onShutdown(() -> {
                        happened.add("added meanwhile");
                        stage.complete("");
                    });
                });
                return stage;
            });
            reactor.onShutdown(() -> happened.add("second"));
            reactor.stop();
            Loop.run(reactor);
        }
        assertEquals(List.of("first", "second", "added by a hook", "added meanwhile"), happened);
    }

    @Test
    void stopListeningMayBeAHook() throws Exception {
        try (var reactor = Reactor.open()) {
            var recorder = new Recorder();
            var port = reactor.listenUdp(0, recorder);
            reactor.onShutdown(port::stopListening);
            reactor.onShutdown(() -> null);
            reactor.stop();
            Loop.run(reactor);
            assertEquals(List.of("start", "stop"), recorder.events);
        }
    }

    @Test
    void aBrokenStageIsLoggedAndNotWaitedFor() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            var broken = (CompletionStage<?>) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[]{CompletionStage.class}, (proxy, method, args) -> {
                        throw new IllegalStateException("broken");
                    });
            reactor.onShutdown(() -> broken);
            reactor.stop();
            Loop.run(reactor);
            assertEquals(List.of("shutdown hook: java.lang.IllegalStateException: broken"), log.lines());
        }
    }

    @Test
    void hooksOfAReactorThatNeverRunsAreNotCalled() throws Exception {
        try (var reactor = Reactor.open()) {
            reactor.onShutdown(() -> happened.add("never"));
        }
        assertEquals(List.of(), happened);
    }

    @Test
    void hooksAreRefusedAfterTheEndOfTheLoop() throws Exception {
        try (var reactor = Reactor.open()) {
            Loop.turns(reactor, 1);
            assertThrows(IllegalStateException.class, () -> reactor.onShutdown(() -> happened.add("never")));
            assertThrows(IllegalStateException.class, () -> reactor.callWhenRunning(() -> happened.add("never")));
        }
        assertEquals(List.of(), happened);
    }

    @Test
    void callWhenRunningMakesTheCallAtOnceInARunningLoop() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            Loop.phases(reactor, () -> {
                reactor.callWhenRunning(() -> happened.add("at once"));
                happened.add("after it");
                reactor.callWhenRunning(() -> {
                    throw new Exception("logged");
                });
            });
            assertEquals(List.of("a call threw an exception: java.lang.Exception: logged"), log.lines());
        }
        assertEquals(List.of("at once", "after it"), happened);
    }
}
