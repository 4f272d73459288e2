package dev.salvo.protocol;

import java.io.IOException;
import java.io.Serial;

/** A port that could not be opened; the cause says why, for instance EADDRINUSE. */
public class CannotListenException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The local address that was asked for; empty for any. */
    private final String interfaceAddress;
    /** The port that was asked for. */
    private final int port;

    /**
     * Makes an exception.
     *
     * @param interfaceAddress the local address that was asked for; empty for any
     * @param port the port that was asked for
     * @param cause why not
     */
    public CannotListenException(String interfaceAddress, int port, IOException cause) {
        super(
                "Couldn't listen on " + (interfaceAddress.isEmpty() ? "any" : interfaceAddress) + ":" + port + ": "
                        + cause.getMessage(),
                cause);
        this.interfaceAddress = interfaceAddress;
        this.port = port;
    }

    /**
     * The local address that was asked for.
     *
     * @return a literal; empty for any
     */
    public String interfaceAddress() {
        return interfaceAddress;
    }

    /**
     * The port that was asked for.
     *
     * @return 0 to 65535
     */
    public int port() {
        return port;
    }
}
