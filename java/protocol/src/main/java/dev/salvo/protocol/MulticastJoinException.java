package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.io.Serial;

/** A group, or a source of one, that could not be joined, left, blocked or unblocked. */
public class MulticastJoinException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The group, as it was given. */
    private final String group;
    /** The source, as it was given. */
    private final String source;
    /** The interface, as it was given. */
    private final String networkInterface;
    /** Why. */
    private final int errno;

    /**
     * Makes an exception.
     *
     * @param action {@code join}, {@code leave}, {@code block} or {@code unblock}
     * @param group the group, as it was given
     * @param source the source, as it was given; empty for the whole group
     * @param networkInterface the interface, as it was given
     * @param cause why
     */
    public MulticastJoinException(
            String action, String group, String source, String networkInterface, SyscallException cause) {
        super(
                "Couldn't " + action + " " + group + (source.isEmpty() ? "" : " from " + source)
                        + (networkInterface.isEmpty() ? "" : " on " + networkInterface) + ": "
                        + Errno.describe(cause.errno()),
                cause);
        this.group = group;
        this.source = source;
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
     * The source.
     *
     * @return as it was given; empty if it was the whole group
     */
    public String source() {
        return source;
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
