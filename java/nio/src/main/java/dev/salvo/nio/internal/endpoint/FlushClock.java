package dev.salvo.nio.internal.endpoint;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Flushes what has waited for half a millisecond to a whole one, whatever the program does meanwhile, and at the JVM's
 * exit. A daemon thread ticks as long as there is any endpoint that has deferred a send lately.
 */
final class FlushClock {

    static final FlushClock CLOCK = new FlushClock();

    private static final long TICK_NANOS = 500_000;
    /** After so many ticks without a deferred send an endpoint is no longer looked at. */
    private static final int IDLE_TICKS = 200;

    private final Set<Endpoint> active = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().name("salvo-flush").daemon().unstarted(this::run);
    private volatile long now;
    private volatile boolean asleep;
    private boolean started;

    private FlushClock() {}

    /** The number of the present tick. */
    long now() {
        return now;
    }

    /** From now on the endpoint is looked at. Called with its lock held, and only if it isn't active. */
    void add(Endpoint endpoint) {
        active.add(endpoint);
        if (asleep) {
            LockSupport.unpark(thread);
        }
        synchronized (this) {
            if (!started) {
                started = true;
                try {
                    Runtime.getRuntime().addShutdownHook(
                            Thread.ofPlatform().name("salvo-flush-at-exit").unstarted(this::flushAll));
                } catch (IllegalStateException e) {
                    // The JVM is shutting down. The clock ticks until the end.
                }
                thread.start();
            }
        }
    }

    void remove(Endpoint endpoint) {
        active.remove(endpoint);
    }

    private void run() {
        while (true) {
            if (active.isEmpty()) {
                asleep = true;
                if (active.isEmpty()) {
                    LockSupport.park(this);
                }
                asleep = false;
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
            var tick = now + 1;
            now = tick;
            for (var endpoint : active) {
                if (endpoint.tick(tick) > IDLE_TICKS) {
                    endpoint.deactivate(this);
                }
            }
        }
    }

    private void flushAll() {
        active.forEach(Endpoint::flushAtExit);
    }
}
