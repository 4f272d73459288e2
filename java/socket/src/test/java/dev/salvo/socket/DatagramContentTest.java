package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A payload as a byte array and as text. */
@Tag("unit")
class DatagramContentTest {

    private static final SockAddr SOURCE = SockAddr.of("192.0.2.1", 7);

    private static Datagram of(byte[] payload) {
        return Datagram.of(payload, SOURCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "two\nlines\0", "gr\u00fc\u00df dich, \ud83c\udf0d"})
    void textIsUtf8(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(text, of(bytes).text());
        assertArrayEquals(bytes, of(bytes).bytes());
    }

    @Test
    void malformedUtf8IsReplacedInTheTextOnly() {
        byte[] bytes = {'a', (byte) 0xff, 'b'};
        assertEquals("a\ufffdb", of(bytes).text());
        assertArrayEquals(bytes, of(bytes).bytes());
    }

    @Test
    void theArrayIsACopy() {
        var datagram = of(new byte[]{1, 2});
        datagram.bytes()[0] = 9;
        assertArrayEquals(new byte[]{1, 2}, datagram.bytes());
    }
}
