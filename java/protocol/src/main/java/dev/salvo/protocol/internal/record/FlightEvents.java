package dev.salvo.protocol.internal.record;

import jdk.jfr.FlightRecorder;

/**
 * Writes events to a flight recording; docs/observability.md lists them. While nothing is recorded, a call costs a
 * comparison and allocates nothing.
 */
public final class FlightEvents {

    /** A runtime image may lack the module jdk.jfr. The event classes, which need it, are not loaded then. */
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightEvents() {}

    /**
     * True once anything was recorded. Before that, no event class is loaded: it would load 200 more classes of the
     * JDK, and slow the start down.
     */
    private static boolean isRecording() {
        return POSSIBLE && FlightRecorder.isInitialized();
    }

    public static boolean wantStalls() {
        return isRecording() && LoopStallEvent.isOn();
    }

    public static boolean wantDrops() {
        return isRecording() && DropEvent.isOn();
    }

    /** Must only be called if {@link #wantDrops} returns true. */
    public static void drop(int port, String reason, long count, long total) {
        new DropEvent(port, reason, count, total).commit();
    }
}
