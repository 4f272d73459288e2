package dev.salvo.protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Runs a reactor on the test's own thread, which the test's callbacks stop: nothing happens at the same time. */
final class Loop {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Loop() {}

    /** Until something calls {@link Reactor#stop}; it has ten seconds. */
    static void run(Reactor reactor) throws IOException, TimeoutException {
        var late = new boolean[1];
        reactor.callLater(PATIENCE, () -> {
            late[0] = true;
            reactor.stop();
        });
        reactor.run();
        if (late[0]) {
            throw new TimeoutException("nothing stopped the reactor within " + PATIENCE);
        }
    }

    /** Until a condition, looked at every millisecond. */
    static void runUntil(Reactor reactor, BooleanSupplier condition) throws IOException, TimeoutException {
        stopWhen(reactor, condition);
        run(reactor);
    }

    private static void stopWhen(Reactor reactor, BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            reactor.stop();
        } else {
            reactor.callLater(Duration.ofMillis(1), () -> stopWhen(reactor, condition));
        }
    }

    /** For so many turns: what is ready by then has been served in the first of them. */
    static void turns(Reactor reactor, int turns) throws Exception {
        var phases = new Call[turns];
        Arrays.fill(phases, (Call) () -> {});
        phases(reactor, phases);
    }

    /**
     * Does one thing a turn, before what was written is sent and before the poll, and ends with the turn of the last
     * one. What one throws, an assertion too, ends the loop and is thrown here.
     */
    static void phases(Reactor reactor, Call... phases) throws Exception {
        var thrown = new Throwable[1];
        later(reactor, thrown, phases, 0);
        run(reactor);
        switch (thrown[0]) {
            case null -> {
            }
            case Error error -> throw error;
            case Exception exception -> throw exception;
            default -> throw new IllegalStateException(thrown[0]);
        }
    }

    private static void later(Reactor reactor, Throwable[] thrown, Call[] phases, int index) {
        reactor.callLater(Duration.ZERO, () -> {
            try {
                phases[index].run();
            } catch (Throwable t) {
                thrown[0] = t;
            }
            if (thrown[0] != null || index + 1 == phases.length) {
                reactor.stop();
            } else {
                later(reactor, thrown, phases, index + 1);
            }
        });
    }
}
