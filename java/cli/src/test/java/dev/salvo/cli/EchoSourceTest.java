package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SystemdSockets.Inherited;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the sockets that systemd hands over is served. */
@Tag("unit")
class EchoSourceTest {

    private static final List<Inherited> THREE = List.of(
            new Inherited("web", 3), new Inherited("dns", 4), new Inherited("web", 5));

    @Test
    void theOnlyOneNeedsNoName() throws IOException {
        assertEquals(3, EchoSource.choose(THREE.subList(0, 1), ""));
    }

    @Test
    void theOneOfTheName() throws IOException {
        assertEquals(4, EchoSource.choose(THREE, "dns"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web", "ntp"})
    void noneOrSeveralAreNamed(String name) {
        var thrown = assertThrows(IOException.class, () -> EchoSource.choose(THREE, name));
        assertTrue(String.valueOf(thrown.getMessage()).contains("web, dns, web"), thrown::toString);
    }
}
