package dev.salvo.cli;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Reactor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stops a reactor once its port has served what the kernel had received by then. One turn of the loop takes no more
 * than 4,096 datagrams or so, and a large receive buffer holds more.
 */
final class Drain {

    /** A flood has no end, so that the end is by the clock. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Reactor reactor;
    private final DatagramTransport transport;
    private long messages = -1;
    private long began;

    Drain(Reactor reactor, DatagramTransport transport) {
        this.reactor = reactor;
        this.transport = transport;
    }

    /** Has SIGTERM and SIGINT begin it. */
    void onSignals() {
        var again = new AtomicBoolean();
        for (var name : new String[]{"TERM", "INT"}) {
            Signals.handle(name, () -> {
                if (again.getAndSet(true)) {
                    // The loop hangs, in a write to a full pipe for instance. 128 + 15 is what a shell makes of
                    // SIGTERM.
                    Runtime.getRuntime().halt(143);
                }
                begin();
            });
        }
    }

    /** From any thread. */
    void begin() {
        reactor.callFromThread(() -> {
            began = System.nanoTime();
            step();
        });
    }

    private void step() {
        var now = transport.statistics().socket().messagesReceived();
        if (now == messages || System.nanoTime() - began > LONGEST.toNanos()) {
            reactor.stop();
        } else {
            messages = now;
            // Once a turn. A timer made here would be due in this one, before anything is received.
            reactor.callFromThread(this::step);
        }
    }
}
