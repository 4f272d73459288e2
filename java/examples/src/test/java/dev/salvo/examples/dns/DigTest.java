package dev.salvo.examples.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.salvo.examples.Program;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;

/** dig asks the forwarder, which runs as a process. The server behind it is a JDK socket. */
@ParameterizedClass
@ValueSource(strings = {"127.0.0.1", "::1"})
@Tag("interop")
class DigTest {

    private static final Path DIG = Path.of("/usr/bin/dig");

    private final DatagramSocket server;
    private final Program forwarder;

    DigTest(String serverAddress) throws IOException {
        server = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(serverAddress), 0));
        forwarder = Program.start(DnsForwarder.class, 0, serverAddress, server.getLocalPort());
    }

    @BeforeEach
    void serve() {
        if (!Files.isExecutable(DIG)) {
            var reason = "needs dig (Debian package bind9-dnsutils)";
            if ("true".equals(System.getenv("CI"))) {
                fail(reason);
            }
            abort(reason);
        }
        Thread.ofVirtual().start(this::answerAll);
    }

    private void answerAll() {
        try {
            var packet = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                server.receive(packet);
                var query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                var large = query.getQuestion().getName().toString().startsWith("large");
                var answer = (large ? Answers.large(query) : Answers.address(query, "192.0.2.1")).toWire();
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    @AfterEach
    void end() {
        forwarder.close();
        server.close();
    }

    private String dig(String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of(DIG.toString(), "@127.0.0.1", "-p", Integer.toString(forwarder.port()), "+tries=1",
                        "+time=15"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), output);
        return output;
    }

    @Test
    void digGetsItsAnswer() throws Exception {
        assertEquals("192.0.2.1\n", dig("+short", "a.example", "A"));
    }

    @Test
    void digSeesThatALongAnswerIsTruncated() throws Exception {
        var output = dig("+ignore", "+noedns", "large.example", "TXT");
        assertTrue(output.contains("flags: qr tc"), output);
    }

    @Test
    void digGetsServfailWithoutAServer() throws Exception {
        server.close();
        var output = dig("a.example", "A");
        assertTrue(output.contains("status: SERVFAIL"), output);
    }
}
