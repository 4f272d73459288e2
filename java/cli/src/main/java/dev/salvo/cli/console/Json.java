package dev.salvo.cli.console;

import java.util.List;
import java.util.Locale;

/** A JSON object on one line, written member by member (RFC 8259). */
public final class Json {

    private final StringBuilder text = new StringBuilder("{");

    public Json put(String name, String value) {
        return raw(name, quoted(value));
    }

    public Json put(String name, long value) {
        return raw(name, Long.toString(value));
    }

    public Json put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    /** Writes the value with three digits after the decimal point. */
    public Json put(String name, double value) {
        return raw(name, String.format(Locale.ROOT, "%.3f", value));
    }

    public Json put(String name, Json value) {
        return raw(name, value.toString());
    }

    public Json put(String name, List<Json> values) {
        return raw(name, values.toString());
    }

    public Json putNull(String name) {
        return raw(name, "null");
    }

    private Json raw(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(quoted(name)).append(':').append(value);
        return this;
    }

    private static String quoted(String value) {
        var quoted = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c >= ' ' && c <= '~') {
                quoted.append((char) c);
            } else {
                // RFC 8259 requires the escape only below U+0020. Other characters could harm a terminal, or be lost in
                // an encoding other than UTF-8.
                Character.toString(c).chars().forEach(
                        unit -> quoted.append(String.format(Locale.ROOT, "\\u%04x", unit)));
            }
        });
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
