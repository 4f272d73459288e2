package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example prints the metadata of datagrams of both families, and answers from the address they were sent to. */
@Tag("loopback")
class MultihomedEchoTest {

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1, 127.0.0.2, ::ffff:127.0.0.1, ::ffff:127.0.0.2",
            "::1, ::1, ::1, ::1"
    })
    void theAnswerComesFromTheAskedAddress(String from, String to, String shownFrom, String shownTo) throws Exception {
        try (var peer = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
                var program = Program.start(MultihomedEcho.class, "::", 0)) {
            peer.setSoTimeout(20_000);
            peer.setOption(StandardSocketOptions.IP_TOS, 46 << 2);
            peer.send(new DatagramPacket(new byte[5], 5, InetAddress.ofLiteral(to), program.port()));

            var line = program.line();
            var expected = " [" + shownFrom + "]:" + peer.getLocalPort() + " to [" + shownTo
                    + "]:0 by interface 1, DSCP 46, ECN 0";
            assertTrue(line.startsWith("2") && line.endsWith(expected), line);
            var answer = new DatagramPacket(new byte[10], 10);
            peer.receive(answer);
            assertEquals(InetAddress.ofLiteral(to), answer.getAddress());
            assertEquals(5, answer.getLength());
        }
    }
}
