package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.cli.console.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code salvo listen} on loopback. */
@Tag("loopback")
class ListenTest {

    private static void send(String address, int port, byte[]... payloads) throws Exception {
        try (var socket = new DatagramSocket()) {
            for (var payload : payloads) {
                socket.send(new DatagramPacket(payload, payload.length, InetAddress.ofLiteral(address), port));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:0, 127.0.0.1, 127.0.0.1", "[::1]:0, ::1, [::1]"})
    void eachDatagramIsPrintedAsALine(String bind, String address, String source) throws Exception {
        var listening = Listening.start("--bind", bind, "--count", "3");
        send(address, listening.port(), bytes("hello"), bytes(""), bytes("\u001b[2Jé\n"));
        assertEquals(
                List.of(source + ":PORT 5 hello", source + ":PORT 0", source + ":PORT 7 \\x1b[2Jé\\n"),
                listening.lines());
        assertEquals("salvo: total: 3 datagrams (12 bytes), dropped: 0 by the kernel, 0 truncated", listening.total());
    }

    @Test
    void withHexThePayloadIsPrintedAsHex() throws Exception {
        var listening = Listening.start("--bind", "127.0.0.1:0", "--hex", "--count", "1");
        send("127.0.0.1", listening.port(), new byte[]{0, 'a', -1});
        assertEquals(List.of("127.0.0.1:PORT 3 0061ff"), listening.lines());
    }

    /** U+009B is a control character that RFC 8259 allows without an escape. */
    @Test
    void jsonHasTextIfThePayloadIsUtf8AndHexOtherwise() throws Exception {
        var listening = Listening.start("--bind", "127.0.0.1:0", "--json", "--count", "2");
        send("127.0.0.1", listening.port(), bytes("é\"\u009b"), new byte[]{-1});
        var lines = listening.lines();
        assertTrue(lines.getFirst().contains("\\u00e9\\\"\\u009b"), lines::toString);
        var text = Parsed.object(lines.getFirst());
        assertEquals("127.0.0.1:PORT", text.get("source").getAsString());
        assertEquals(5, text.get("length").getAsInt());
        assertEquals("é\"\u009b", text.get("text").getAsString());
        assertEquals("ff", Parsed.object(lines.getLast()).get("hex").getAsString());
    }

    @Test
    void jsonWithHexHasHexForTextToo() throws Exception {
        var listening = Listening.start("--bind", "127.0.0.1:0", "--json", "--hex", "--count", "1");
        send("127.0.0.1", listening.port(), bytes("hi"));
        assertEquals("6869", Parsed.object(listening.lines().getFirst()).get("hex").getAsString());
    }

    /** All datagrams arrive in one batch. */
    @Test
    void noMoreThanCountDatagramsArePrinted() throws Exception {
        var listening = Listening.start("--bind", "127.0.0.1:0", "--count", "2");
        try (var burst = new Burst()) {
            burst.send(listening.port(), 1);
        }
        assertEquals(2, listening.lines().size());
        assertTrue(listening.total().startsWith("salvo: total: 2 datagrams"), listening.total());
    }

    @ParameterizedTest
    @CsvSource({"localhost:0, 127.0.0.1, 127.0.0.1", ":0, 127.0.0.1, 127.0.0.1", "0, ::1, [::1]"})
    void aPortOrAHostCanBeGivenWithoutAnOption(String place, String address, String source) throws Exception {
        var listening = Listening.start(place, "--count", "1");
        send(address, listening.port(), bytes("hello"));
        assertEquals(List.of(source + ":PORT 5 hello"), listening.lines());
    }

    @Test
    void aGroupCanBeGivenWithItsPort() throws Exception {
        var listening = Listening.start("239.1.2.3:0", "--interface", "lo", "--count", "1");
        assertEquals(0, new Captured().run("send", "239.1.2.3:" + listening.port(), "hello", "--interface", "lo"));
        assertEquals(1, listening.lines().size());
    }

    /** Runs the listener with the given stdout. Returns its exit code after it was sent a message of datagrams. */
    private static int listen(OutputStream out, Captured err, String... options) throws Exception {
        var console = new Console(InputStream.nullInputStream(), out, UTF_8, err.stderr());
        var command = Stream.concat(Stream.of("listen", "--bind", "127.0.0.1:0"), Arrays.stream(options));
        var task = new FutureTask<>(() -> Salvo.run(console, command.toArray(String[]::new)));
        Thread.ofPlatform().daemon().start(task);
        for (int i = 0; i < 3000 && err.err().isEmpty(); i++) {
            Thread.sleep(10);
        }
        var line = err.err().getLast();
        try (var burst = new Burst()) {
            burst.send(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)), 1);
        }
        return task.get(30, TimeUnit.SECONDS);
    }

    @Test
    void theDatagramsOfATurnAreWrittenTogether() throws Exception {
        var writes = new AtomicInteger();
        var out = new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.incrementAndGet();
            }
        };
        assertEquals(0, listen(out, new Captured(), "--count", Integer.toString(Burst.JOINED)));
        assertEquals(1, writes.get());
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void aFullDiskEndsTheListenerWithAnError() throws Exception {
        var err = new Captured();
        assertEquals(1, listen(failing("No space left on device"), err));
        assertEquals("salvo: writing to stdout failed; no more is printed: No space left on device", err.err().get(1));
    }

    @Test
    void aPipeWithoutAReaderEndsTheListenerQuietly() throws Exception {
        var err = new Captured();
        var pipe = Pipe.open();
        pipe.source().close();
        assertEquals(0, listen(Channels.newOutputStream(pipe.sink()), err));
        assertEquals(2, err.err().size(), err.err()::toString);
        assertTrue(err.err().getLast().startsWith("salvo: total: "), err.err()::toString);
        pipe.sink().close();
    }
}
