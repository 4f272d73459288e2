package dev.salvo.protocol;

import jdk.jfr.FlightRecorder;

/**
 * What a flight recording is told: docs/observability.md has the events. While none asks, a call is a comparison, and
 * makes nothing.
 */
final class FlightEvents {

    /** A runtime image may lack the module; the classes of the events, which need it, are not touched then. */
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightEvents() {}

    /**
     * Once anything was recorded. To load an event's class takes 200 more of the JDK's, which a start can do without.
     */
    private static boolean isRecording() {
        return POSSIBLE && FlightRecorder.isInitialized();
    }

    static boolean wantStalls() {
        return isRecording() && LoopStallEvent.isOn();
    }

    static boolean wantDrops() {
        return isRecording() && DropEvent.isOn();
    }

    /** Only where drops are wanted. */
    static void drop(UdpPort port, String reason, long count, long total) {
        new DropEvent(port.localAddress().port(), reason, count, total).commit();
    }
}
