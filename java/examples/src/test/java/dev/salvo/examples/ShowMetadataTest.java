package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** It prints what the kernel tells of datagrams of either family. */
@Tag("loopback")
class ShowMetadataTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 0:0:0:0:0:ffff:7f00:1", "::1, 0:0:0:0:0:0:0:1"})
    void aLineForEachDatagram(String literal, String shown) throws Exception {
        try (var peer = new Peer(literal);
                var program = Program.start(ShowMetadata.class, 0)) {
            peer.send("hello", program.port());

            var line = program.line();
            var expected = "[" + shown + "]:" + peer.port() + " sent 5 bytes to [" + shown
                    + "]:0, by interface 1, ECN 0, at 2";
            assertTrue(line.startsWith(expected), line);
        }
    }
}
