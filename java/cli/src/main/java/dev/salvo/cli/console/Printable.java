package dev.salvo.cli.console;

import java.util.Locale;

/**
 * Decides which characters may be printed to a terminal unchanged. Others could move its cursor, change its title or
 * reverse the direction of text.
 */
final class Printable {

    private Printable() {}

    /** Whether a terminal shows the character as itself, if its font has the character. */
    static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // FORMAT: characters that change the direction of text (U+202E), and invisible ones.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    /** The escape for a byte in hexadecimal. */
    static String hex(int b) {
        return String.format(Locale.ROOT, "\\x%02x", b & 0xff);
    }
}
