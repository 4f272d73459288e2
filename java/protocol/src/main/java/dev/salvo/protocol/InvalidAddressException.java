package dev.salvo.protocol;

import java.io.Serial;

/** An address that can't be used where it was given: no literal, or of the wrong family. */
public class InvalidAddressException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what is wrong with which address
     */
    public InvalidAddressException(String message) {
        super(message);
    }
}
