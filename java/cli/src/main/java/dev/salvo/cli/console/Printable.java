package dev.salvo.cli.console;

import java.util.Locale;

/**
 * Decides which characters may be printed to a terminal unchanged. Others could move its cursor, change its title or
 * reverse the direction of text; show nothing, so that different texts look the same; or be drawn over the characters
 * before them, however many there are.
 */
final class Printable {

    private Printable() {}

    /** Whether a terminal shows the character as itself, in a place of its own, if its font has the character. */
    static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // FORMAT: characters that change the direction of text (U+202E), and invisible ones.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            // Marks combine with what is before them; the variation selectors are marks too, and invisible.
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> false;
            // The other spaces look like this one, or have no width.
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> !isBlank(codePoint) && !isJoiningJamo(codePoint);
        };
    }

    /** Letters and symbols that are drawn as nothing (Default_Ignorable_Code_Point of Unicode, and blank ones). */
    private static boolean isBlank(int codePoint) {
        return switch (codePoint) {
            // Hangul fillers, the empty Braille pattern, the empty note head, blanks of Egyptian.
            case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800, 0x1d159, 0x13441, 0x13442 -> true;
            default -> false;
        };
    }

    /** Vowels and final consonants of Hangul, which are drawn into the syllable before them (wcwidth(3) is 0). */
    private static boolean isJoiningJamo(int codePoint) {
        return (codePoint >= 0x1160 && codePoint <= 0x11ff) || (codePoint >= 0xd7b0 && codePoint <= 0xd7ff);
    }

    /** The escape for a byte in hexadecimal. */
    static String hex(int b) {
        return String.format(Locale.ROOT, "\\x%02x", b & 0xff);
    }
}
