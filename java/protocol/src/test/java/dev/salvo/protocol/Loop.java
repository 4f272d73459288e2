package dev.salvo.protocol;

import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Runs a reactor on the test's own thread until a callback stops it, so that nothing runs concurrently. */
public final class Loop {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Loop() {}

    /** Runs until {@link Reactor#stop} is called, for at most ten seconds. */
    public static void run(Reactor reactor) throws IOException, TimeoutException {
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

    /** Runs until a condition holds, which is checked every millisecond. */
    public static void runUntil(Reactor reactor, BooleanSupplier condition) throws IOException, TimeoutException {
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

    /** Runs for a number of turns. What is ready before the call is served in the first of them. */
    public static void turns(Reactor reactor, int turns) throws Exception {
        var phases = new Call[turns];
        Arrays.fill(phases, (Call) () -> {});
        phases(reactor, phases);
    }

    /**
     * Runs one phase a turn, before that turn's flush and poll, and ends with the turn of the last phase. A throwable
     * of a phase, assertions included, ends the loop and is rethrown here.
     */
    public static void phases(Reactor reactor, Call... phases) throws Exception {
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
