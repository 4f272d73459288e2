package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.TransmitTimestamp.Kind;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Helpers for transmit timestamps. */
final class Stamps {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The time to wait for something that should not come. */
    private static final Duration SURPRISE = Duration.ofMillis(20);

    private Stamps() {}

    static void add(SendBatch batch, int length, SockAddr to, int id) {
        var options = new SendOptions().transmitTimestamp(id);
        assertTrue(batch.add(MemorySegment.ofArray(Traffic.bytes(length)), 0, length, to, options));
    }

    /** The timestamps that the socket reports now. */
    static List<TransmitTimestamp> drain(UdpSocket socket) {
        var stamps = new ArrayList<TransmitTimestamp>();
        for (var next = socket.nextTransmitTimestamp(); next != null; next = socket.nextTransmitTimestamp()) {
            stamps.add(next);
        }
        return stamps;
    }

    /**
     * Waits for this number of timestamps of a socket that receives nothing, and then a moment longer, so that a
     * surplus one shows.
     */
    static List<TransmitTimestamp> await(UdpSocket socket, int count) throws SyscallException {
        var all = new ArrayList<>(drain(socket));
        while (socket.awaitReadable(all.size() < count ? PATIENCE : SURPRISE)) {
            assertEquals(0, socket.drainErrors());
            all.addAll(drain(socket));
        }
        assertEquals(0, socket.get(SocketLevelOptions.ERROR));
        return all;
    }

    static List<Integer> ids(List<TransmitTimestamp> stamps) {
        return stamps.stream().map(TransmitTimestamp::id).toList();
    }

    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    static void assertSoftware(List<TransmitTimestamp> stamps, long from, long to) {
        for (var stamp : stamps) {
            assertEquals(Kind.SND, stamp.kind());
            assertEquals(-1, stamp.hardwareNanos());
            // The two ways to ask for the time may differ in the last microsecond.
            assertTrue(stamp.softwareNanos() >= from - 1_000, () -> stamp + " is before " + from);
            assertTrue(stamp.softwareNanos() <= to, () -> stamp + " is after " + to);
        }
    }
}
