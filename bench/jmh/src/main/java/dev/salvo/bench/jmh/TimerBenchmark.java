package dev.salvo.bench.jmh;

import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Timers of a reactor that already has {@link #pending} others, due at random times in one to two hours. Each timer is
 * an object, which gc.alloc.rate.norm shows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class TimerBenchmark {

    /** A power of two, so that a mask can select the next delay. */
    private static final int DELAYS = 4096;

    @Param({"1", "1000", "1000000"})
    public int pending;

    private final Duration[] delays = new Duration[DELAYS];
    private Reactor reactor;
    private DelayedCall moved;
    private int next;

    @Setup
    public void open() throws IOException {
        reactor = Reactor.open();
        var random = new SplittableRandom(1);
        for (int i = 0; i < DELAYS; i++) {
            delays[i] = later(random);
        }
        fill(reactor, pending, random);
        moved = reactor.callLater(nextDelay(), TimerBenchmark::nothing);
    }

    static void fill(Reactor reactor, int pending, SplittableRandom random) {
        for (int i = 0; i < pending; i++) {
            reactor.callLater(later(random), TimerBenchmark::nothing);
        }
    }

    private static Duration later(SplittableRandom random) {
        return Duration.ofNanos(random.nextLong(TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(2)));
    }

    @TearDown
    public void close() {
        reactor.close();
    }

    private static void nothing() {}

    private Duration nextDelay() {
        return delays[next++ & DELAYS - 1];
    }

    /** A timeout that is set and then cancelled, which is the most common use of a timer. */
    @Benchmark
    public void callLaterAndCancel() {
        reactor.callLater(nextDelay(), TimerBenchmark::nothing).cancel();
    }

    /** A timeout that is postponed. */
    @Benchmark
    public void reset() {
        moved.reset(nextDelay());
    }
}
