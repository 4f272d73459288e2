package dev.salvo.protocol;

import java.io.Serial;

/** A call that was to be cancelled or moved has been cancelled. */
public final class AlreadyCancelledException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * One with a message.
     *
     * @param message which call
     */
    public AlreadyCancelledException(String message) {
        super(message);
    }
}
