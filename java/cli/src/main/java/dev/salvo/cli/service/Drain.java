package dev.salvo.cli.service;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stops a reactor after its ports have served the datagrams that the kernel has already received. One turn of the loop
 * receives at most about 4,096 datagrams a port, and a large receive buffer holds more.
 */
public final class Drain {

    /** The time limit for draining, because datagrams may keep coming. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Reactor reactor;
    private final List<DatagramTransport> ports;
    private long messages = -1;
    private long began;

    public Drain(Reactor reactor, List<DatagramTransport> ports) {
        this.reactor = reactor;
        this.ports = ports;
    }

    /** Begins to drain on SIGTERM or SIGINT. */
    public void onSignals() {
        var again = new AtomicBoolean();
        for (var name : new String[]{"TERM", "INT"}) {
            Signals.handle(name, () -> {
                if (again.getAndSet(true)) {
                    // A second signal ends the process: the loop may hang, for example in a write to a full pipe.
                    // 128 + 15 is the exit code that a shell shows for SIGTERM.
                    Runtime.getRuntime().halt(143);
                }
                begin();
            });
        }
    }

    /** Begins to drain. Any thread may call this. */
    public void begin() {
        reactor.callFromThread(() -> {
            began = System.nanoTime();
            step();
        });
    }

    private void step() {
        long now = 0;
        for (var port : ports) {
            now += port.statistics().socket().messagesReceived();
        }
        if (now == messages || System.nanoTime() - began > LONGEST.toNanos()) {
            reactor.stop();
        } else {
            messages = now;
            // This checks once a turn. A timer with no delay would be due in the current turn, before anything is
            // received.
            reactor.callFromThread(this::step);
        }
    }
}
