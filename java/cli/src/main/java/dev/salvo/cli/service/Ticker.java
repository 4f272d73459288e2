package dev.salvo.cli.service;

import dev.salvo.reactor.Reactor;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Runs an action at whole multiples of a period until it returns false. Runs that would be late are skipped. */
public final class Ticker {

    private final Reactor reactor;
    private final Duration period;
    private final BooleanSupplier action;
    private long due = System.nanoTime();

    public Ticker(Reactor reactor, Duration period, BooleanSupplier action) {
        this.reactor = reactor;
        this.period = period;
        this.action = action;
    }

    public void start() {
        var now = System.nanoTime();
        due += period.toNanos() * Math.max(1, Math.ceilDiv(now - due, period.toNanos()));
        reactor.callLater(Duration.ofNanos(due - now), () -> {
            if (action.getAsBoolean()) {
                start();
            }
        });
    }
}
