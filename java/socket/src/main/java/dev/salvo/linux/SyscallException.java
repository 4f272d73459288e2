package dev.salvo.linux;

import java.io.Serial;
import java.net.SocketException;

/**
 * Thrown when a system call fails, or a library function or an operation of Salvo's that makes system calls. Has the
 * name of the call and its errno.
 *
 * <p>
 * The message reads, for instance, {@code bind 127.0.0.1:53: EACCES (permission denied)}.
 */
public class SyscallException extends SocketException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The system call, library function or operation. */
    private final String call;
    /** The error number. */
    private final int errno;

    /**
     * Creates an exception for a system call.
     *
     * @param call the name of the call that failed
     * @param errno the error number, positive
     */
    public SyscallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * Creates an exception whose message also names the subject of the call.
     *
     * @param call the name of the call that failed
     * @param subject what the call was made for, for instance an address or an option; its text becomes part of the
     *     message
     * @param errno the error number, positive
     */
    public SyscallException(String call, Object subject, int errno) {
        super(call + " " + subject + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * Creates an exception for a call that failed as part of another operation.
     *
     * @param call the name of the call that failed
     * @param subject what the call was made for, and what its failure means for the caller
     * @param cause the failure, whose errno this exception has
     */
    public SyscallException(String call, Object subject, SyscallException cause) {
        super(call + " " + subject + ": " + Errno.describe(cause.errno()), cause);
        this.call = call;
        this.errno = cause.errno();
    }

    /**
     * The name of the call that failed.
     *
     * @return a system call, for instance {@code sendmmsg}; a library function, for instance {@code getifaddrs} or
     * {@code if_nametoindex}; or an operation of Salvo's, for instance {@code adopt} or {@code receive}
     */
    public String call() {
        return call;
    }

    /**
     * The error number.
     *
     * @return a constant of {@link Errno}, or another number that the kernel returned
     */
    public int errno() {
        return errno;
    }
}
