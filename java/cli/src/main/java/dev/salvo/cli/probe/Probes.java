package dev.salvo.cli.probe;

import java.util.List;

/** All that is tried. */
public final class Probes {

    private Probes() {}

    /**
     * Tries everything, each with sockets of its own on loopback, within a second.
     *
     * @return what came of it, always the same names in the same order
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     */
    public static List<Feature> runAll() {
        return Probe.ALL.stream().map(Probe::run).toList();
    }
}
