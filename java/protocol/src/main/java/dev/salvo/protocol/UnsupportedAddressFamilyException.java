package dev.salvo.protocol;

import java.io.IOException;
import java.io.Serial;

/** A descriptor of a socket that is neither IPv4 nor IPv6. */
public class UnsupportedAddressFamilyException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param descriptor the number that was given
     * @param cause what the socket layer found
     */
    public UnsupportedAddressFamilyException(int descriptor, IOException cause) {
        super("Can't adopt descriptor " + descriptor + ": " + cause.getMessage(), cause);
    }
}
