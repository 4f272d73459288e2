package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.io.Serial;

/** A group that could not be joined or left. */
public class MulticastJoinException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The group, as it was given. */
    private final String group;
    /** The interface, as it was given. */
    private final String networkInterface;
    /** Why. */
    private final int errno;

    /**
     * Makes an exception.
     *
     * @param action {@code join} or {@code leave}
     * @param group the group, as it was given
     * @param networkInterface the interface, as it was given
     * @param cause why
     */
    public MulticastJoinException(String action, String group, String networkInterface, SyscallException cause) {
        super(
                "Couldn't " + action + " " + group + (networkInterface.isEmpty() ? "" : " on " + networkInterface)
                        + ": " + Errno.describe(cause.errno()),
                cause);
        this.group = group;
        this.networkInterface = networkInterface;
        this.errno = cause.errno();
    }

    /**
     * The group.
     *
     * @return as it was given
     */
    public String group() {
        return group;
    }

    /**
     * The interface.
     *
     * @return as it was given; empty for the kernel's choice
     */
    public String networkInterface() {
        return networkInterface;
    }

    /**
     * Why.
     *
     * @return a value of {@link Errno}: EADDRINUSE for a group that is joined, EADDRNOTAVAIL for one that is not
     */
    public int errno() {
        return errno;
    }
}
