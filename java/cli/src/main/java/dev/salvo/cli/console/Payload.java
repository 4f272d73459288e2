package dev.salvo.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import java.util.Optional;

/** The bytes of a datagram as text that is safe to print to a terminal. */
final class Payload {

    private final byte[] bytes;

    /** Takes any bytes; they need not be text. */
    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The text, or empty if the bytes are not valid UTF-8. */
    Optional<String> utf8() {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the text on one line with these escapes: {@code \n}, {@code \r}, {@code \t} and {@code \\}; {@code \x1b}
     * for other ASCII control characters and for each byte that is not UTF-8; {@code \}{@code u202e} or
     * {@code \}{@code u{1f600}} for a character that is invisible or that the terminal cannot encode.
     *
     * @param terminal the encoder of the terminal's charset
     */
    String escaped(CharsetEncoder terminal) {
        var text = new StringBuilder();
        var in = ByteBuffer.wrap(bytes);
        var decoder = UTF_8.newDecoder();
        var out = CharBuffer.allocate(bytes.length);
        while (true) {
            var result = decoder.decode(in, out, true);
            append(text, out.flip().toString(), terminal);
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(Printable.hex(in.get()));
            }
            decoder.reset();
        }
    }

    private static void append(StringBuilder text, String valid, CharsetEncoder terminal) {
        valid.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    var itself = Character.toString(c);
                    if (Printable.is(c) && terminal.canEncode(itself)) {
                        text.append(itself);
                    } else {
                        text.append(c < 0x80 ? Printable.hex(c) : number(c));
                    }
                }
            }
        });
    }

    private static String number(int c) {
        return String.format(Locale.ROOT, c <= 0xffff ? "\\u%04x" : "\\u{%x}", c);
    }
}
