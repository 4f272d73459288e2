package dev.salvo.protocol;

import java.io.IOException;
import java.io.Serial;

/** Thrown when a descriptor can't be adopted because its socket is neither IPv4 nor IPv6. */
public class UnsupportedAddressFamilyException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param descriptor the descriptor that was to be adopted
     * @param cause the exception of the socket layer
     */
    public UnsupportedAddressFamilyException(int descriptor, IOException cause) {
        super("descriptor " + descriptor + " is not an IPv4 or IPv6 socket: " + cause.getMessage(), cause);
    }
}
