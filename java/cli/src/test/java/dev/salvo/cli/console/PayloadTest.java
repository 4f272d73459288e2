package dev.salvo.cli.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A printed payload cannot attack the terminal, and no two payloads are printed alike. */
@Tag("unit")
class PayloadTest {

    private static Payload bytes(String hex) {
        return new Payload(HexFormat.of().parseHex(hex));
    }

    static Stream<Arguments> payloads() {
        return Stream.of(
                Arguments.of("", ""),
                Arguments.of("68656c6c6f", "hello"),
                Arguments.of("202020", "   "),
                Arguments.of("c3a9e282acf09f9880", "é€😀"),
                Arguments.of("0a0d095c", "\\n\\r\\t\\\\"),
                Arguments.of("1b5b324a07007f", "\\x1b[2J\\x07\\x00\\x7f"),
                // CSI as one character, which xterm accepts.
                Arguments.of("c29b324a", "\\u009b2J"),
                Arguments.of("e280aee280a8e280a9", "\\u202e\\u2028\\u2029"),
                Arguments.of("f3a08081ee8080", "\\u{e0001}\\ue000"),
                // Fillers of Hangul (two halves, a whole, and a narrow one), an empty Braille pattern, an empty note
                // head.
                Arguments.of("e1859fe185a0e385a4efbea0e2a080f09d8599",
                        "\\u115f\\u1160\\u3164\\uffa0\\u2800\\u{1d159}"),
                // Variation selectors, an invisible joiner, vowel signs of Khmer: marks.
                Arguments.of("61efb88fefb880f3a08480cd8fe19eb4", "a\\ufe0f\\ufe00\\u{e0100}\\u034f\\u17b4"),
                // Accents, an enclosing circle, a vowel sign of Devanagari, a vowel of Hangul.
                Arguments.of("65cc81e2839de0a4bee185a1", "e\\u0301\\u20dd\\u093e\\u1161"),
                Arguments.of("65" + "cc81".repeat(400), "e" + "\\u0301".repeat(400)),
                // Spaces that look like another one: no-break, em, ideographic.
                Arguments.of("c2a0e28083e38080", "\\u00a0\\u2003\\u3000"),
                Arguments.of("ff61c3", "\\xffa\\xc3"),
                Arguments.of("80c380e282", "\\x80\\u00c0".replace("\\u00c0", "À") + "\\xe2\\x82"),
                // A surrogate, and a slash of two bytes: neither is UTF-8.
                Arguments.of("eda080c0af", "\\xed\\xa0\\x80\\xc0\\xaf"),
                Arguments.of("5c7866665c6e", "\\\\xff\\\\n"));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void aPayloadIsShownEscaped(String hex, String shown) {
        assertEquals(shown, bytes(hex).escaped(UTF_8.newEncoder()));
    }

    @Test
    void charactersThatTheTerminalLacksAreShownByNumber() {
        assertEquals("a\\u00e9\\u{1f600}", bytes("61c3a9f09f9880").escaped(US_ASCII.newEncoder()));
    }

    @Test
    void everyByteAloneIsPrintableAscii() {
        for (int b = 0; b < 256; b++) {
            var shown = new Payload(new byte[]{(byte) b}).escaped(UTF_8.newEncoder());
            assertEquals(0, shown.chars().filter(c -> c < ' ' || c > '~').count(), shown);
        }
    }

    @Test
    void onlyUtf8IsText() {
        assertEquals(Optional.of("é"), bytes("c3a9").utf8());
        assertEquals(Optional.empty(), bytes("c3").utf8());
    }
}
