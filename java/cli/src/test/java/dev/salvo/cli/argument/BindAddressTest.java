package dev.salvo.cli.argument;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class BindAddressTest {

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1:9999, 127.0.0.1, 9999",
            "0.0.0.0:0, 0.0.0.0, 0",
            "[::1]:9999, ::1, 9999",
            "[::]:65535, ::, 65535",
            "[fe80::1%lo]:7, fe80::1%lo, 7",
            "[::ffff:127.0.0.1]:7, ::ffff:127.0.0.1, 7"
    })
    void theTextIsKeptAsWritten(String text, String literal, int port) {
        var address = BindAddress.parse(text);
        assertEquals(literal, address.literal());
        assertEquals(port, address.port());
        assertEquals(text, address.toString());
    }

    @ParameterizedTest
    @CsvSource({
            "[0:0:0:0:0:0:0:1]:9, [::1]:9",
            "[::FFFF:7f00:1]:9, [::ffff:127.0.0.1]:9",
            "[FE80:0::1%lo]:9, [fe80::1%lo]:9",
            "[FE80:0::1%0]:9, [fe80::1%0]:9"
    })
    void anAddressIsPrintedInItsShortestForm(String text, String printed) {
        assertEquals(printed, BindAddress.parse(text).toString());
    }

    @Test
    void aScopeBecomesTheIndexOfItsInterface() {
        assertEquals(1, BindAddress.parse("[fe80::1%lo]:7").address().scopeId());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", ":9999", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:9999",
            "127.1:9999", "::1:9999", "[::1]", "[127.0.0.1]:9999", "[::1%nosuch]:9999", "127.0.0.1%lo:9999", "[]:9999"
    })
    void refusesAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> BindAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"})
    void loopbackAddressesAreRecognized(String text) {
        assertTrue(BindAddress.parse(text).isLoopback());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "192.0.2.1:1", "[::]:1", "[2001:db8::1]:1", "[::ffff:192.0.2.1]:1"})
    void otherAddressesAreNotLoopback(String text) {
        assertFalse(BindAddress.parse(text).isLoopback());
    }

    @Test
    void withPortReplacesThePort() {
        assertEquals("[::1]:40000", BindAddress.parse("[::1]:0").withPort(40_000).toString());
    }
}
