package dev.salvo.nio.internal.endpoint;

import java.util.Locale;

/** How long a send may wait to be joined with others. */
public enum SendRule {

    /** Every send is a system call. */
    SYNC,
    /** While the sender holds received datagrams that it takes quickly, and a millisecond at most. */
    HELD,
    /** Until the program selects again, or finds nothing to receive, and a millisecond at most. */
    TURN;

    /** The rule of this name; throws IllegalArgumentException if there is none. */
    public static SendRule of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "sync" -> SYNC;
            case "held", "" -> HELD;
            case "turn" -> TURN;
            default -> throw new IllegalArgumentException("no rule for sends: " + name
                    + "; there are held (the default), turn and sync");
        };
    }
}
