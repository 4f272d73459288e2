package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tests do with batches again and again. */
final class Traffic {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long is waited for what should not come. */
    private static final Duration SURPRISE = Duration.ofMillis(20);

    private Traffic() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** So many bytes, each different from its neighbours. */
    static byte[] bytes(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    static void add(SendBatch batch, byte[] payload, @Nullable SockAddr destination) {
        assertTrue(batch.add(MemorySegment.ofArray(payload), 0, payload.length, destination), "the batch is full");
    }

    static void add(SendBatch batch, SockAddr destination, String... payloads) {
        Arrays.stream(payloads).forEach(payload -> add(batch, bytes(payload), destination));
    }

    /**
     * Receives until so many datagrams came, or 10 seconds went by without one; and then for a moment more, so that a
     * datagram too many shows.
     */
    static List<Datagram> receive(UdpSocket socket, ReceiveBatch batch, int count) throws SyscallException {
        var datagrams = new ArrayList<Datagram>();
        while (socket.awaitReadable(datagrams.size() < count ? PATIENCE : SURPRISE)) {
            socket.receive(batch);
            for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                datagrams.add(datagram.copy());
            }
        }
        return datagrams;
    }

    static byte[] bytes(Datagram datagram) {
        var bytes = new byte[datagram.length()];
        datagram.copyTo(bytes);
        return bytes;
    }

    /** The payloads behind one another. */
    static byte[] bytesOfAll(List<Datagram> datagrams) {
        var bytes = new ByteArrayOutputStream();
        datagrams.forEach(datagram -> bytes.writeBytes(bytes(datagram)));
        return bytes.toByteArray();
    }

    static List<String> texts(List<Datagram> datagrams) {
        return datagrams.stream()
                .map(d -> new String(bytes(d), StandardCharsets.ISO_8859_1))
                .toList();
    }

    static List<Integer> lengths(List<Datagram> datagrams) {
        return datagrams.stream().map(Datagram::length).toList();
    }
}
