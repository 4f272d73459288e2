package dev.salvo.protocol;

import java.io.Serial;

/** Thrown when an address can't be used: it is not a literal, or it is of the wrong family. */
public class InvalidAddressException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message says which address it is, and what is wrong with it
     */
    public InvalidAddressException(String message) {
        super(message);
    }
}
