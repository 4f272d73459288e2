package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code salvo send} on loopback. */
@Tag("loopback")
class SendTest {

    private final DatagramSocket receiver;

    SendTest() throws Exception {
        receiver = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        receiver.setSoTimeout(20_000);
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private String there() {
        return "127.0.0.1:" + receiver.getLocalPort();
    }

    private DatagramPacket received() throws Exception {
        var packet = new DatagramPacket(new byte[70_000], 70_000);
        receiver.receive(packet);
        return packet;
    }

    private byte[] payload() throws Exception {
        var packet = received();
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static void assertOneLine(Captured captured, String part) {
        assertEquals(List.of(), captured.out());
        assertEquals(1, captured.err().size(), captured.err()::toString);
        assertTrue(captured.err().getFirst().contains(part), captured.err()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "é €", "", " two  words "})
    void textIsSentAsItIs(String text) throws Exception {
        var captured = new Captured();
        assertEquals(0, captured.run("send", there(), text));
        assertEquals(text, new String(payload(), UTF_8));
        assertEquals(List.of(), captured.out());
        assertEquals(List.of(), captured.err());
    }

    @Test
    void aTextThatBeginsWithAtIsNotAFileName(@TempDir Path folder) throws Exception {
        var file = folder.resolve("arguments");
        Files.writeString(file, "other words");
        assertEquals(0, new Captured().run("send", there(), "@" + file));
        assertEquals("@" + file, new String(payload(), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-"})
    void standardInputIsSentWholeAndByteForByte(String dash) throws Exception {
        byte[] input = {'a', '\n', 0, -1, 'b', '\r', '\n'};
        var captured = new Captured(input);
        assertEquals(0, dash.isEmpty() ? captured.run("send", there()) : captured.run("send", there(), dash));
        assertArrayEquals(input, payload());
    }

    @Test
    void anIpv4AddressInItsIpv6FormIsAnIpv4Address() throws Exception {
        assertEquals(0, new Captured().run("send", "[::ffff:127.0.0.1]:" + receiver.getLocalPort(), "hello"));
        var packet = received();
        assertEquals("127.0.0.1", packet.getAddress().getHostAddress());
    }

    @Test
    void theLongestDatagramIsSentAndALongerOneIsABadArgument() throws Exception {
        assertEquals(0, new Captured(new byte[65_507]).run("send", there()));
        assertEquals(65_507, received().getLength());
        var captured = new Captured(new byte[65_508]);
        assertEquals(2, captured.run("send", there()));
        assertOneLine(captured, "65508 bytes");
        captured = new Captured(new byte[100_000]);
        assertEquals(2, captured.run("send", there()));
        assertOneLine(captured, "65528 bytes or more");
    }

    @Test
    void textWithReplacementCharactersIsNotSent() {
        var captured = new Captured();
        assertEquals(2, captured.run("send", there(), "caf\ufffd"));
        assertOneLine(captured, "send standard input");
    }

    private FutureTask<Integer> sending(Captured captured, String... options) {
        var command = Stream.concat(Stream.of("send", there(), "hello"), Arrays.stream(options));
        var task = new FutureTask<>(() -> captured.run(command.toArray(String[]::new)));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private void reply(DatagramPacket to, String... texts) throws Exception {
        for (var text : texts) {
            to.setData(text.getBytes(UTF_8));
            receiver.send(to);
        }
    }

    @Test
    void theWaitEndsWithTheFirstReplyAndItsRoundTripTimeIsReported() throws Exception {
        var captured = new Captured();
        var task = sending(captured, "--wait", "1000");
        reply(received(), "one\n", "two");
        assertEquals(0, task.get(30, TimeUnit.SECONDS));
        assertEquals(List.of(there() + " 4 one\\n"), captured.out());
        assertEquals(1, captured.err().size(), captured.err()::toString);
        assertTrue(captured.err().getFirst().matches("salvo: round trip: \\d+\\.\\d{3} ms"), captured.err()::toString);
    }

    @Test
    void withAllEveryReplyIsPrintedUntilTheTimeIsOver() throws Exception {
        var captured = new Captured();
        var task = sending(captured, "--wait", "1", "--all");
        reply(received(), "one\n", "two");
        assertEquals(0, task.get(30, TimeUnit.SECONDS));
        assertEquals(List.of(there() + " 4 one\\n", there() + " 3 two"), captured.out());
        assertEquals(1, captured.err().size(), captured.err()::toString);
        assertTrue(captured.err().getFirst()
                .matches("salvo: 2 replies; round trips: \\d+\\.\\d{3} to \\d+\\.\\d{3} ms"), captured.err()::toString);
    }

    @Test
    void noReplyIsOneErrorLineAndExitCodeOne() throws Exception {
        for (var all : List.of(new String[]{"--wait", "0.25"}, new String[]{"--wait", "0.25", "--all"})) {
            var captured = new Captured();
            assertEquals(1, sending(captured, all).get(30, TimeUnit.SECONDS));
            assertOneLine(captured, there() + ": no reply within 0.25 s");
        }
    }

    @Test
    void aHostNameIsADestination() throws Exception {
        var localhost = "localhost:" + receiver.getLocalPort();
        assertEquals(0, new Captured().run("send", localhost, "hello"));
        assertEquals("hello", new String(payload(), UTF_8));
        receiver.close();
        var captured = new Captured();
        assertEquals(1, captured.run("send", localhost, "hello", "--wait", "1000"));
        assertOneLine(captured, localhost + " (127.0.0.1): refused");
    }

    @Test
    void standardInputThatCannotBeReadIsOneErrorLineAndExitCodeOne() {
        var captured = new Captured(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Bad file descriptor");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        });
        assertEquals(1, captured.run("send", there()));
        assertOneLine(captured, "reading standard input failed: Bad file descriptor");
    }

    @Test
    void aRefusedDatagramEndsTheWaitEarly() throws Exception {
        var nobody = there();
        receiver.close();
        var captured = new Captured();
        var task = new FutureTask<>(() -> captured.run("send", nobody, "hello", "--wait", "1000"));
        Thread.ofPlatform().daemon().start(task);
        assertEquals(1, task.get(30, TimeUnit.SECONDS));
        assertOneLine(captured, nobody + ": refused");
    }

    @Test
    void withoutWaitARefusedDatagramIsNotReported() {
        var nobody = there();
        receiver.close();
        assertEquals(0, new Captured().run("send", nobody, "hello"));
    }
}
