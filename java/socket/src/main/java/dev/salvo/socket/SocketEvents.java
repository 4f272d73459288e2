package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.socket.internal.FileDescriptor;
import java.lang.foreign.Arena;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What a flight recording is told: docs/observability.md has the events. While none asks, a call is a comparison, and
 * makes nothing.
 */
final class SocketEvents {

    /** A runtime image may lack the module; the classes of the events, which need it, are not touched then. */
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private SocketEvents() {}

    /**
     * Once anything was recorded. To load an event's class takes 200 more of the JDK's, which a start can do without.
     */
    private static boolean isRecording() {
        return POSSIBLE && FlightRecorder.isInitialized();
    }

    /** To be called before a receive: null unless {@link #received} is to be called after it. */
    static @Nullable ReceiveEvent receiving() {
        return isRecording() && ReceiveEvent.isOn() ? ReceiveEvent.begun() : null;
    }

    /** Before the walk, which shares the reader of the control messages. As the counters, without what was cut off. */
    static void received(
            ReceiveEvent event, FileDescriptor fd, int messages, int slotSize, ReceivedControl control) {
        event.end();
        for (int i = 0; i < messages; i++) {
            var whole = control.messageLength(i);
            var bytes = Math.min(whole, slotSize);
            event.bytes += bytes;
            event.datagrams += ReceiveBatch.pieces(bytes, control.segmentSize(i, whole));
        }
        event.messages = messages;
        event.port = port(fd);
        event.commit();
    }

    /** To be called before a batch is sent: null unless {@link #flushed} is to be called after it. */
    static @Nullable FlushEvent flushing(Counters counters) {
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

    static void flushed(FlushEvent event, FileDescriptor fd, Counters counters, int stoppedBy) {
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

    /** The kernel refused a joined message, which is now sent one datagram at a time. */
    static void fallback(OutgoingMessage message, int errno) {
        if (isRecording() && CoalescingFallbackEvent.isOn()) {
            var event = new CoalescingFallbackEvent();
            if (event.shouldCommit()) {
                event.fill(message, errno);
                event.commit();
            }
        }
    }

    /** {@code entry} is an ICMP error, and {@code made} that as an object, if it is needed anyway. */
    static void error(ErrorEntry entry, @Nullable SocketError made) {
        if (isRecording() && ErrorQueueEvent.isOn()) {
            var event = new ErrorQueueEvent();
            // The throttle decides here, so that a flood of ICMP makes no text that nobody sees.
            if (event.shouldCommit()) {
                event.fill(made != null ? made : entry.toSocketError());
                event.commit();
            }
        }
    }

    /** Asked of the kernel each time: it may have chosen one since, or another holder of the socket may have. */
    private static int port(FileDescriptor fd) {
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(SockAddr.ROOM, Long.BYTES);
            var length = arena.allocateFrom(JAVA_INT, SockAddr.ROOM);
            var result = fd.kernel().getsockname(fd.number(), address, length);
            return result < 0 ? 0 : SockAddr.read(address, 0).port();
        }
    }
}
