package dev.salvo.protocol;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.io.Serial;

/** Thrown when a group, or a source of a group, could not be joined, left, blocked or unblocked. */
public class MulticastJoinException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The group. */
    private final String group;
    /** The source. */
    private final String source;
    /** The interface. */
    private final String networkInterface;
    /** The errno. */
    private final int errno;

    /**
     * Makes an exception.
     *
     * @param action {@code join}, {@code leave}, {@code block} or {@code unblock}
     * @param group the group, as it was given
     * @param source the source, as it was given; empty for the whole group
     * @param networkInterface the interface, as it was given
     * @param cause the error of the system call
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

    /** {@return the group, as it was given} */
    public String group() {
        return group;
    }

    /** {@return the source, as it was given; empty if the call was for the whole group} */
    public String source() {
        return source;
    }

    /** {@return the interface, as it was given; empty if the kernel was to choose it} */
    public String networkInterface() {
        return networkInterface;
    }

    /**
     * The reason for the failure.
     *
     * @return a value of {@link Errno}: EADDRINUSE if the group is already joined, EADDRNOTAVAIL if it is not joined
     */
    public int errno() {
        return errno;
    }
}
