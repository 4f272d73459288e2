package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.testing.FakeDatagramTransport;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every datagram is written to the file, with one write for each batch. */
@Tag("loopback")
class BatchCollectorTest {

    private static final class CountingChannel implements WritableByteChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int writes;

        @Override
        public int write(ByteBuffer buffer) {
            var length = buffer.remaining();
            var copy = new byte[length];
            buffer.get(copy);
            bytes.writeBytes(copy);
            writes++;
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static List<String> records(byte[] file) {
        var buffer = ByteBuffer.wrap(file);
        var records = new ArrayList<String>();
        while (buffer.hasRemaining()) {
            var record = new byte[buffer.getInt()];
            buffer.get(record);
            records.add(new String(record, StandardCharsets.US_ASCII));
        }
        return records;
    }

    private static int writesFor(CountingChannel file, List<String> payloads) throws Exception {
        var batch = payloads.stream()
                .map(payload -> Datagram.of(Text.bytes(payload), SockAddr.of("192.0.2.7", 7)))
                .iterator();
        new BatchCollector(file).batchReceived(
                () -> batch.hasNext() ? batch.next() : null, new FakeDatagramTransport());
        assertEquals(payloads, records(file.bytes.toByteArray()));
        return file.writes;
    }

    @Test
    @Tag("unit")
    void aBatchIsOneWrite() throws Exception {
        assertEquals(1, writesFor(new CountingChannel(), List.of("one", "", "two\nlines", "four")));
    }

    @Test
    @Tag("unit")
    void aBatchThatIsLargerThanTheBufferIsSeveralWrites() throws Exception {
        assertEquals(2, writesFor(new CountingChannel(), Stream.generate(() -> "x".repeat(60_000)).limit(18).toList()));
    }

    @Test
    void theFileHasEveryDatagramThatWasSent(@TempDir Path folder) throws Exception {
        var file = folder.resolve("datagrams.bin");
        var sent = Stream.iterate(1, i -> i <= 20, i -> i + 1).map(i -> "x".repeat(i)).toList();
        try (var peer = new Peer("127.0.0.1"); var program = Program.start(BatchCollector.class, file, 0)) {
            var port = program.port();
            for (var text : sent) {
                peer.send(text, port);
            }
            var written = sent.stream().mapToInt(text -> Integer.BYTES + text.length()).sum();
            for (long end = System.nanoTime() + 20_000_000_000L; Files.size(file) < written; Thread.onSpinWait()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("the file has " + Files.size(file) + " bytes of " + written);
                }
            }
        }
        assertEquals(sent, records(Files.readAllBytes(file)));
    }
}
