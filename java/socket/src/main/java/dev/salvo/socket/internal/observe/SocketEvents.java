package dev.salvo.socket.internal.observe;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.Errno;
import java.lang.foreign.Arena;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The events for the JDK Flight Recorder, which docs/observability.md lists. While no recording asks for an event, its
 * method makes one comparison and allocates nothing.
 */
public final class SocketEvents {

    /** False in a runtime image without the module. The event classes need the module, so they are not loaded then. */
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private SocketEvents() {}

    /**
     * Whether the Flight Recorder has been used. It is asked before any event class is touched: loading one loads 200
     * classes of the JDK, which would slow down the start.
     */
    private static boolean isRecording() {
        return POSSIBLE && FlightRecorder.isInitialized();
    }

    /** Called before a receive. Returns the event for {@link #received}, or null if it is not recorded. */
    public static @Nullable ReceiveEvent receiving() {
        return isRecording() && ReceiveEvent.isOn() ? ReceiveEvent.begun() : null;
    }

    /** Called after a receive that returned messages, when the event has ended. */
    public static void received(ReceiveEvent event, FileDescriptor fd) {
        event.port = port(fd);
        event.commit();
    }

    /** Called before a batch is sent. Returns the event for {@link #flushed}, or null if it is not recorded. */
    public static @Nullable FlushEvent flushing(Counters counters) {
        if (!isRecording() || !FlushEvent.isOn()) {
            return null;
        }
        var event = FlushEvent.begun();
        event.datagrams = -counters.datagramsSent;
        event.messages = -counters.messagesSent;
        event.bytes = -counters.bytesSent;
        event.calls = -counters.sendCalls;
        return event;
    }

    public static void flushed(FlushEvent event, FileDescriptor fd, Counters counters, int stoppedBy) {
        event.end();
        event.datagrams += counters.datagramsSent;
        event.messages += counters.messagesSent;
        event.bytes += counters.bytesSent;
        event.calls += counters.sendCalls;
        if (event.calls > 0) {
            event.stoppedBy = stoppedBy == 0 ? null : Errno.name(stoppedBy);
            event.port = port(fd);
            event.commit();
        }
    }

    /** Records that the kernel refused a joined message, which is now sent one datagram at a time. */
    public static void fallback(NativeAddress destination, int segmentSize, int datagrams, int errno) {
        if (isRecording() && CoalescingFallbackEvent.isOn()) {
            var event = new CoalescingFallbackEvent();
            if (event.shouldCommit()) {
                event.destination = Struct.isNone(destination) ? null : destination.toString();
                event.errno = Errno.name(errno);
                event.segmentSize = segmentSize;
                event.datagrams = datagrams;
                event.commit();
            }
        }
    }

    /** Returns an event for an ICMP error, which the caller fills and commits; null if it is not recorded. */
    public static @Nullable ErrorQueueEvent icmpError() {
        if (isRecording() && ErrorQueueEvent.isOn()) {
            var event = new ErrorQueueEvent();
            // The throttle is asked here, so that a flood of ICMP errors creates no strings for events that are
            // dropped.
            if (event.shouldCommit()) {
                return event;
            }
        }
        return null;
    }

    /**
     * Asks the kernel each time: it may have chosen a port since, or another holder of the socket may have bound it.
     */
    private static int port(FileDescriptor fd) {
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(Struct.ROOM, Long.BYTES);
            var length = arena.allocateFrom(JAVA_INT, Struct.ROOM);
            var result = fd.kernel().getsockname(fd.number(), address, length);
            return result < 0 ? 0 : Struct.port(Struct.read(address, 0));
        }
    }
}
