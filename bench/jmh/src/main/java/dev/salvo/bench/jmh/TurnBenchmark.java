package dev.salvo.bench.jmh;

import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A turn of a reactor with {@link #pending} other timers. One call is due and schedules itself again, and the next turn
 * begins with its epoll_wait. The reactor runs in its own thread. Waking that thread and being woken by it takes about
 * 20 microseconds, which are spread over {@link #TURNS} turns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class TurnBenchmark {

    private static final int TURNS = 10_000;

    @Param({"1", "1000000"})
    public int pending;

    private final Semaphore done = new Semaphore(0);
    private Thread thread;
    private Reactor reactor;
    private int left;

    @Setup
    public void open() {
        var opened = new CompletableFuture<Reactor>();
        thread = new Thread(() -> run(opened), "reactor");
        thread.start();
        reactor = opened.join();
    }

    private void run(CompletableFuture<@Nullable Reactor> opened) {
        try (var own = Reactor.open()) {
            TimerBenchmark.fill(own, pending, new SplittableRandom(1));
            opened.complete(own);
            own.run();
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    @TearDown
    public void close() throws InterruptedException {
        reactor.stop();
        thread.join();
    }

    private void begin() {
        left = TURNS;
        turn();
    }

    private void turn() {
        if (--left == 0) {
            done.release();
        } else {
            reactor.callLater(Duration.ZERO, this::turn);
        }
    }

    @Benchmark
    @OperationsPerInvocation(TURNS)
    public void turns() {
        reactor.callFromThread(this::begin);
        done.acquireUninterruptibly();
    }
}
