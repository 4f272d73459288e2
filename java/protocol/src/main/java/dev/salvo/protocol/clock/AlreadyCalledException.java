package dev.salvo.protocol.clock;

import java.io.Serial;

/** Thrown when a call can't be cancelled or moved because it has been made, or is being made. */
public final class AlreadyCalledException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message says which call it is
     */
    public AlreadyCalledException(String message) {
        super(message);
    }
}
