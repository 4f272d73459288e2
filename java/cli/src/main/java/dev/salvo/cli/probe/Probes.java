package dev.salvo.cli.probe;

import java.util.List;

/** Runs all probes. */
public final class Probes {

    private Probes() {}

    /**
     * Runs every probe with its own loopback sockets. This takes less than a second.
     *
     * @return the results, always with the same names in the same order
     * @throws UnsupportedOperationException if this machine or this JVM cannot run Salvo; the message says what to do
     */
    public static List<Feature> runAll() {
        var obstacle = Loopback.obstacle();
        return Probe.ALL.stream()
                .map(probe -> obstacle.isPresent() && probe.overLoopback()
                        ? Feature.untried(probe.name(), "not tried: " + obstacle.get())
                        : probe.run())
                .toList();
    }
}
