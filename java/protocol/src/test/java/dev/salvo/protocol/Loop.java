package dev.salvo.protocol;

import java.io.IOException;
import java.time.Duration;
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
    static void turns(Reactor reactor, int turns) throws IOException, TimeoutException {
        countDown(reactor, turns);
        run(reactor);
    }

    private static void countDown(Reactor reactor, int turns) {
        reactor.callLater(Duration.ZERO, () -> {
            if (turns == 1) {
                reactor.stop();
            } else {
                countDown(reactor, turns - 1);
            }
        });
    }
}
