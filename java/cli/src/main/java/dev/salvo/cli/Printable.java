package dev.salvo.cli;

import java.util.Locale;

/** What may go to a terminal as it is. Anything else could move its cursor, change its title or turn text around. */
final class Printable {

    private Printable() {}

    /** Whether a character shows as itself, on a terminal that has a font for it. */
    static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // FORMAT: what turns the direction of text (U+202E), and what is not seen at all.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    /** A byte that is shown by its number. */
    static String hex(int b) {
        return String.format(Locale.ROOT, "\\x%02x", b & 0xff);
    }
}
