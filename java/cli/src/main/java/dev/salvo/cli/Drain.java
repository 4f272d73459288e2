package dev.salvo.cli;

import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Reactor;
import java.time.Duration;

/**
 * Stops a reactor once its port has served what the kernel had received by then. One turn of the loop takes no more
 * than 4,096 datagrams or so, and a large receive buffer holds more.
 */
final class Drain {

    /** A flood has no end, so that the end is by the clock. */
    private static final Duration LONGEST = Duration.ofMillis(500);

    private final Reactor reactor;
    private final DatagramTransport transport;
    private long messages = -1;
    private long began;

    Drain(Reactor reactor, DatagramTransport transport) {
        this.reactor = reactor;
        this.transport = transport;
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
            reactor.callLater(Duration.ZERO, this::step);
        }
    }
}
