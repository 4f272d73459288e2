package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name is looked up on a worker thread. The stage completes on the reactor's thread, always in a later turn. */
@Tag("loopback")
class ResolveTest {

    /** The result of a stage, and the thread that completed it. */
    static final class Outcome<T> {
        @Nullable
        T value;

        @Nullable
        Throwable thrown;

        @Nullable
        Thread thread;

        private Outcome(CompletionStage<T> stage) {
            stage.whenComplete((answer, failure) -> {
                value = answer;
                thrown = failure;
                thread = Thread.currentThread();
            });
        }

        boolean isDone() {
            return thread != null;
        }
    }

    static <T> Outcome<T> outcome(CompletionStage<T> stage) {
        return new Outcome<>(stage);
    }

    private static InetAddress[] noLookup(String name) {
        throw new AssertionError("looked up: " + name);
    }

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1, 127.0.0.1",
            "255.255.255.255, 255.255.255.255",
            "'', 0.0.0.0",
            "::1, 0:0:0:0:0:0:0:1",
            "fe80::1%1, fe80:0:0:0:0:0:0:1%1",
            "fe80::1%lo, fe80:0:0:0:0:0:0:1%1",
            "::ffff:1.2.3.4, 0:0:0:0:0:ffff:102:304"
    })
    void literalsAreNotLookedUp(String literal, String expected) throws Exception {
        try (var reactor = ReactorWith.lookup(ResolveTest::noLookup)) {
            var one = outcome(reactor.resolve(literal));
            var all = outcome(reactor.resolveAll(literal));
            assertFalse(one.isDone());
            Loop.runUntil(reactor, () -> one.isDone() && all.isDone());
            var address = one.value;
            assertNotNull(address);
            assertEquals(expected, address.getHostAddress());
            assertEquals(List.of(address), all.value);
            if (literal.contains("%")) {
                assertEquals(1, assertInstanceOf(Inet6Address.class, address).getScopeId());
            }
        }
    }

    @Test
    void lookupsRunOnAnotherThreadAndStagesCompleteOnTheReactorsThread() throws Exception {
        var lookedUp = new ArrayList<Thread>();
        try (var reactor = ReactorWith.lookup(name -> {
            lookedUp.add(Thread.currentThread());
            return new InetAddress[]{InetAddress.ofLiteral("192.0.2.1")};
        })) {
            var answer = outcome(reactor.resolve("host.example"));
            Loop.runUntil(reactor, answer::isDone);
            assertSame(Thread.currentThread(), answer.thread);
            assertNotSame(Thread.currentThread(), lookedUp.getFirst());
        }
    }

    @Test
    void theSystemsResolverKnowsLocalhost() throws Exception {
        try (var reactor = Reactor.open()) {
            var answer = outcome(reactor.resolve("localhost"));
            Loop.runUntil(reactor, answer::isDone);
            var address = answer.value;
            assertNotNull(address);
            assertTrue(address.isLoopbackAddress());
        }
    }

    /**
     * The lookup blocks its thread until it ends. The stage fails when the timeout expires, and the loop goes on
     * meanwhile.
     */
    @Test
    void aLookupThatTakesTooLongFailsWithATimeout() throws Exception {
        var goOn = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        try (var reactor = ReactorWith.lookup(name -> {
            goOn.await();
            answered.countDown();
            return new InetAddress[]{InetAddress.ofLiteral("192.0.2.1")};
        })) {
            var begin = reactor.seconds();
            var answer = outcome(reactor.resolve("slow.example", Duration.ofMillis(50)));
            var failedAt = new double[1];
            reactor.callEvery(Duration.ofMillis(1), () -> {
                if (answer.isDone() && goOn.getCount() > 0) {
                    failedAt[0] = reactor.seconds();
                    goOn.countDown();
                }
                if (answered.getCount() == 0) {
                    reactor.stop();
                }
            });
            Loop.run(reactor);
            assertEquals("slow.example: no answer within 0.05 s", message(answer));
            assertTrue(failedAt[0] - begin >= 0.05, () -> failedAt[0] - begin + " s");
        } finally {
            goOn.countDown();
        }
    }

    /** A clock by which all lookups of a test time out at once, unless a tenth of a second ends between them. */
    private static long tenthOfSeconds() {
        return System.nanoTime() / 100_000_000 * 100_000_000;
    }

    /** Ten have begun, or twenty if they do not all time out at once. The others have gone before their turn comes. */
    @Test
    void lookupsThatHaveTimedOutHoldUpNeitherOthersNorCallsInThreads() throws Exception {
        var goOn = new CountDownLatch(1);
        var begun = new AtomicInteger();
        try (var reactor = ReactorWith.lookup(name -> {
            if (name.equals("slow.example")) {
                begun.incrementAndGet();
                goOn.await();
            }
            return new InetAddress[]{InetAddress.ofLiteral("192.0.2.1")};
        }, ResolveTest::tenthOfSeconds)) {
            var slow = new ArrayList<Outcome<InetAddress>>();
            for (int i = 0; i < 100; i++) {
                slow.add(outcome(reactor.resolve("slow.example", Duration.ofMillis(50))));
            }
            var called = new AtomicBoolean();
            var quick = new ArrayList<Outcome<InetAddress>>();
            reactor.callEvery(Duration.ofMillis(1), () -> {
                if (quick.isEmpty() && slow.stream().allMatch(Outcome::isDone)) {
                    quick.add(outcome(reactor.resolve("quick.example")));
                    reactor.callInThread(() -> called.set(true));
                }
            });
            Loop.runUntil(reactor, () -> called.get() && !quick.isEmpty() && quick.getFirst().isDone());
            assertNull(quick.getFirst().thrown);
            assertTrue(begun.get() <= 20, () -> begun + " lookups");
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void aLookupIsNotBegunForACallerWhoHasGone() throws Exception {
        var lookedUp = new ConcurrentLinkedQueue<String>();
        try (var reactor = ReactorWith.lookup(name -> {
            lookedUp.add(name);
            return new InetAddress[]{InetAddress.ofLiteral("192.0.2.1")};
        })) {
            reactor.resolve("gone.example").toCompletableFuture().cancel(false);
            var answer = outcome(reactor.resolve("host.example"));
            Loop.runUntil(reactor, answer::isDone);
            assertEquals(List.of("host.example"), List.copyOf(lookedUp));
        }
    }

    private static @Nullable String message(Outcome<?> outcome) {
        return assertInstanceOf(UnknownHostException.class, outcome.thrown).getMessage();
    }

    @Test
    void anAnswerCancelsItsTimeout() throws Exception {
        try (var reactor = ReactorWith.lookup(name -> new InetAddress[]{InetAddress.ofLiteral("192.0.2.1")})) {
            var answer = outcome(reactor.resolveAll("host.example"));
            // The timeout does not start before the loop runs, because no thread looks the name up before.
            assertEquals(List.of(), reactor.getDelayedCalls());
            var limits = new ArrayList<Double>();
            reactor.callWhenRunning(
                    () -> reactor.getDelayedCalls().forEach(call -> limits.add(call.getTime() - reactor.seconds())));
            var left = new int[]{-1};
            reactor.callEvery(Duration.ofMillis(1), () -> {
                if (answer.isDone()) {
                    left[0] = reactor.getDelayedCalls().size();
                    reactor.stop();
                }
            });
            // Not Loop.run: its own delayed call would be counted.
            reactor.run();
            // The other call is that of callEvery.
            assertEquals(2, limits.size());
            assertEquals(60, limits.getLast(), 20);
            assertEquals(0, left[0]);
        }
    }

    @Test
    void aNameWithoutAddressesFails() throws Exception {
        try (var reactor = ReactorWith.lookup(name -> new InetAddress[0])) {
            var answer = outcome(reactor.resolve("empty.example"));
            Loop.runUntil(reactor, answer::isDone);
            assertEquals("empty.example: the name has no address", message(answer));
        }
    }

    /** A name whose lookup still runs when the loop ends, and also a literal when the loop never runs. */
    @Test
    void pendingLookupsAreCancelledWhenTheReactorStops() throws Exception {
        for (boolean runs : new boolean[]{true, false}) {
            var goOn = new CountDownLatch(1);
            var outcomes = new ArrayList<Outcome<InetAddress>>();
            try (var reactor = ReactorWith.lookup(name -> {
                goOn.await();
                return new InetAddress[0];
            })) {
                outcomes.add(outcome(reactor.resolve("slow.example")));
                if (runs) {
                    Loop.turns(reactor, 2);
                    assertTrue(outcomes.getFirst().isDone());
                } else {
                    outcomes.add(outcome(reactor.resolve("127.0.0.1")));
                }
            } finally {
                goOn.countDown();
            }
            for (var outcome : outcomes) {
                var message = assertInstanceOf(CancellationException.class, outcome.thrown).getMessage();
                assertTrue(String.valueOf(message).endsWith(": the reactor has stopped"), message);
                assertSame(Thread.currentThread(), outcome.thread);
            }
        }
    }

    /** The ports are still open then, so the action of the stage may write. Another resolve is refused. */
    @Test
    void aStageCancelledByTheStopMayWriteButNotResolve() throws Exception {
        var refused = new ArrayList<String>();
        try (var reactor = ReactorWith.lookup(ResolveTest::noLookup);
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            reactor.onShutdown(() -> {
                reactor.callLater(Duration.ZERO, () -> {});
                reactor.resolve("127.0.0.1").whenComplete((address, thrown) -> {
                    port.write(new byte[]{'x'}, peer.address());
                    refused.add("" + assertThrows(IllegalStateException.class, () -> reactor.resolve("127.0.0.1"))
                            .getMessage());
                });
            });
            reactor.stop();
            reactor.run();
            assertEquals(List.of("x"), peer.received());
        }
        assertEquals(List.of("the reactor has stopped and can't run again"), refused);
    }

    @Test
    void aTimeoutThatIsNotPositiveIsRefused() throws Exception {
        try (var reactor = ReactorWith.lookup(ResolveTest::noLookup)) {
            for (var timeout : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
                assertThrows(IllegalArgumentException.class, () -> reactor.resolve("127.0.0.1", timeout));
                assertThrows(IllegalArgumentException.class, () -> reactor.resolveAll("host.example", timeout));
            }
        }
    }
}
