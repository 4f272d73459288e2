package dev.salvo.protocol;

import java.io.IOException;
import java.io.Serial;

/** Thrown when a port could not be opened. The cause has the reason, for instance EADDRINUSE. */
public class CannotListenException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The local address. */
    private final String interfaceAddress;
    /** The port. */
    private final int port;

    /**
     * Makes an exception.
     *
     * @param interfaceAddress the local address that was asked for, a literal; empty for any address
     * @param port the port that was asked for
     * @param cause the reason
     */
    public CannotListenException(String interfaceAddress, int port, IOException cause) {
        super("Couldn't listen on " + host(interfaceAddress) + ":" + port + ": " + cause.getMessage(), cause);
        this.interfaceAddress = interfaceAddress;
        this.port = port;
    }

    private static String host(String interfaceAddress) {
        return interfaceAddress.isEmpty()
                ? "any"
                : interfaceAddress.indexOf(':') >= 0 ? "[" + interfaceAddress + "]" : interfaceAddress;
    }

    /** {@return the local address that was asked for, a literal; empty for any address} */
    public String interfaceAddress() {
        return interfaceAddress;
    }

    /** {@return the port that was asked for, 0 to 65535} */
    public int port() {
        return port;
    }
}
