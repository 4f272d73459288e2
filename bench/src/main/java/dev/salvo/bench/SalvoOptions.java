package dev.salvo.bench;

import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;

/** Salvo's optional settings; 0 keeps Salvo's default. */
record SalvoOptions(int busyPollMicros, int gatherMicros, int maxSegments) {

    static final SalvoOptions NONE = new SalvoOptions(0, 0, 0);

    /** The limits are those of the methods that the values are passed to. */
    static SalvoOptions of(Arguments arguments) {
        return new SalvoOptions(arguments.number("--busy-poll", 1_000_000, 0),
                arguments.number("--gather", 10_000, 0), arguments.number("--max-segments", 128, 0));
    }

    Reactor openReactor() throws IOException {
        var reactor = Reactor.open();
        reactor.busyPoll(Duration.ofNanos(1000L * busyPollMicros));
        reactor.gather(Duration.ofNanos(1000L * gatherMicros));
        return reactor;
    }

    PortOptions at(Endpoint bind) {
        var options = PortOptions.defaults().withInterface(bind.host());
        return maxSegments == 0 ? options : options.withMaxSegments(maxSegments);
    }
}
