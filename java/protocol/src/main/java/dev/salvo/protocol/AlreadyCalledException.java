package dev.salvo.protocol;

import java.io.Serial;

/** A call that was to be cancelled or moved has been made, or is being made. */
public final class AlreadyCalledException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * One with a message.
     *
     * @param message which call
     */
    public AlreadyCalledException(String message) {
        super(message);
    }
}
