package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.Syscall;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked for before the end has its time, while the loop and the ports go on. */
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

    /** It waits for it without turning: a stage that another thread completes wakes the loop. */
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
            // The loop that waits still makes calls.
            assertTrue(running.thread().isAlive());
            assertEquals(7, running.call(() -> 7));
            stage.complete("");
            running.join();
        }
    }

    /** And a loop that waits for a stage sleeps: it does not poll again and again. */
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
    void aSecondStopDoesNotCutItShort() throws Exception {
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
    void aHookMayAddAnotherAndSoMayWhatHappensMeanwhile() throws Exception {
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
    void aMethodOfAPortWillDo() throws Exception {
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
    void aStageThatCantBeAskedIsLoggedAndNotWaitedFor() throws Exception {
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
    void afterTheEndTheyAreRefused() throws Exception {
        try (var reactor = Reactor.open()) {
            Loop.turns(reactor, 1);
            assertThrows(IllegalStateException.class, () -> reactor.onShutdown(() -> happened.add("never")));
            assertThrows(IllegalStateException.class, () -> reactor.callWhenRunning(() -> happened.add("never")));
        }
        assertEquals(List.of(), happened);
    }

    @Test
    void whatIsCalledWhenRunningIsCalledAtOnceThen() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            Loop.phases(reactor, () -> {
                reactor.callWhenRunning(() -> happened.add("at once"));
                happened.add("after it");
                reactor.callWhenRunning(() -> {
                    throw new Exception("logged");
                });
            });
            assertEquals(List.of("call: java.lang.Exception: logged"), log.lines());
        }
        assertEquals(List.of("at once", "after it"), happened);
    }
}
