package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three echo servers of Twisted's howto: listening, adopting, and over IPv6. */
@Tag("loopback")
class EchoTest {

    @ParameterizedTest
    @CsvSource({"Echo,127.0.0.1", "AdoptDatagramPort,127.0.0.1", "Ipv6Listen,::1"})
    void aDatagramIsSentBackAndPrinted(String example, String literal) throws Exception {
        try (var peer = new Peer(literal);
                var program = Program.start(Class.forName("dev.salvo.examples." + example), 0)) {
            peer.send("hello\33[2J", program.port());

            assertEquals("hello\33[2J", Peer.text(peer.receive()));
            assertEquals("received hello?[2J from " + peer.name(), program.line());
        }
    }
}
