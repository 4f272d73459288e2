package dev.salvo.socket;

import java.io.Serial;
import java.net.SocketException;

/**
 * A system call that failed: its name and its errno.
 *
 * <p>The message reads {@code bind 127.0.0.1:53: EACCES (permission denied)}.
 */
public class SyscallException extends SocketException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The system call, as its man page is named. */
    private final String call;
    /** The error number. */
    private final int errno;

    /**
     * Makes an exception for a call.
     *
     * @param call the name of the system call
     * @param errno the error number, positive
     */
    public SyscallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * Makes an exception that also names what the call was about.
     *
     * @param call the name of the system call
     * @param subject an address, or an option; its text goes into the message
     * @param errno the error number, positive
     */
    public SyscallException(String call, Object subject, int errno) {
        super(call + " " + subject + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * The name of the system call.
     *
     * @return for instance {@code sendmmsg}
     */
    public String call() {
        return call;
    }

    /**
     * The error number.
     *
     * @return a value of {@link Errno}, or another that the kernel gave
     */
    public int errno() {
        return errno;
    }
}
