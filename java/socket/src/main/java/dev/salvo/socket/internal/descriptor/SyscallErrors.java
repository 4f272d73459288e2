package dev.salvo.socket.internal.descriptor;

import dev.salvo.linux.SyscallException;

/** Turns {@code -errno} into an exception, once, at the edge of the socket layer. */
public final class SyscallErrors {

    private SyscallErrors() {}

    /** {@code result}, if it is not negative. */
    public static int check(String call, int result) throws SyscallException {
        if (result < 0) {
            throw new SyscallException(call, -result);
        }
        return result;
    }

    /** {@code result}, if it is not negative. */
    public static long check(String call, long result) throws SyscallException {
        if (result < 0) {
            throw new SyscallException(call, (int) -result);
        }
        return result;
    }

    /** {@code result}, if it is not negative; else an exception that names what the call was about. */
    public static int check(String call, Object subject, int result) throws SyscallException {
        if (result < 0) {
            throw new SyscallException(call, subject, -result);
        }
        return result;
    }

    /** {@code result}, if it is not negative; else an exception that names what the call was about. */
    public static long check(String call, Object subject, long result) throws SyscallException {
        if (result < 0) {
            throw new SyscallException(call, subject, (int) -result);
        }
        return result;
    }
}
