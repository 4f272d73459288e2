package dev.salvo.cli.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.handover.SystemdSockets.Inherited;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The echo serves one of the sockets that systemd passes. */
@Tag("unit")
class EchoSourceTest {

    private static final List<Inherited> THREE = List.of(
            new Inherited("web", 3), new Inherited("dns", 4), new Inherited("web", 5));

    @Test
    void aSingleSocketNeedsNoName() throws IOException {
        assertEquals(3, EchoSource.choose(THREE.subList(0, 1), ""));
    }

    @Test
    void aNameChoosesItsSocket() throws IOException {
        assertEquals(4, EchoSource.choose(THREE, "dns"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web", "ntp"})
    void anUnknownOrAmbiguousNameIsRefusedWithAListOfTheNames(String name) {
        var thrown = assertThrows(IOException.class, () -> EchoSource.choose(THREE, name));
        assertTrue(String.valueOf(thrown.getMessage()).contains("web, dns, web"), thrown::toString);
    }
}
