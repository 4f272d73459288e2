package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Helpers for batches. */
public final class Traffic {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The time to wait for something that should not come. */
    private static final Duration SURPRISE = Duration.ofMillis(20);

    private Traffic() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns this number of bytes, each different from its neighbours. */
    public static byte[] bytes(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    public static void add(SendBatch batch, byte[] payload, @Nullable SockAddr destination) {
        assertTrue(batch.add(payload, destination), "the batch is full");
    }

    /** Adds datagrams, whose payloads are given as ISO 8859-1 text. */
    public static void add(SendBatch batch, @Nullable SockAddr destination, String... payloads) {
        Arrays.stream(payloads).forEach(payload -> add(batch, bytes(payload), destination));
    }

    /** Adds datagrams with options. */
    public static void add(SendBatch batch, @Nullable SockAddr destination, SendOptions options, String... payloads) {
        for (var payload : payloads) {
            var bytes = MemorySegment.ofArray(bytes(payload));
            assertTrue(batch.add(bytes, 0, payload.length(), destination, options), "the batch is full");
        }
    }

    /**
     * Receives until this number of datagrams came, or 10 seconds passed without one; and then a moment longer, so that
     * a surplus datagram shows.
     */
    public static List<Datagram> receive(UdpSocket socket, ReceiveBatch batch, int count) throws SyscallException {
        var datagrams = new ArrayList<Datagram>();
        while (socket.awaitReadable(datagrams.size() < count ? PATIENCE : SURPRISE)) {
            socket.receive(batch);
            for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                datagrams.add(datagram.copy());
            }
        }
        return datagrams;
    }

    /** The payloads, concatenated. */
    static byte[] bytesOfAll(List<Datagram> datagrams) {
        var bytes = new ByteArrayOutputStream();
        datagrams.forEach(datagram -> bytes.writeBytes(datagram.bytes()));
        return bytes.toByteArray();
    }

    /** The payload as ISO 8859-1 text. */
    public static String text(Datagram datagram) {
        return new String(datagram.bytes(), StandardCharsets.ISO_8859_1);
    }

    public static List<String> texts(List<Datagram> datagrams) {
        return datagrams.stream().map(Traffic::text).toList();
    }

    static List<Integer> lengths(List<Datagram> datagrams) {
        return datagrams.stream().map(Datagram::length).toList();
    }
}
