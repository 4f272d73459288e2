package dev.salvo.protocol;

import java.io.IOException;
import java.io.Serial;

/** Thrown when a descriptor can't be adopted because its socket is not UDP. */
public class UnsupportedSocketTypeException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param descriptor the descriptor that was to be adopted
     * @param cause the exception of the socket layer
     */
    public UnsupportedSocketTypeException(int descriptor, IOException cause) {
        super("descriptor " + descriptor + " is not a UDP socket: " + cause.getMessage(), cause);
    }
}
