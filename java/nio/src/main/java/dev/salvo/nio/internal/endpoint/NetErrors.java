package dev.salvo.nio.internal.endpoint;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** The exceptions of java.net for the errors of system calls. */
public final class NetErrors {

    private NetErrors() {}

    /** What java.net has for a failed call. A class that is documented for the errno is worth more than the message. */
    public static SocketException of(SyscallException failure) {
        var named = named(failure.errno(), failure.getMessage());
        if (named == null) {
            return failure;
        }
        named.initCause(failure);
        return named;
    }

    private static @Nullable SocketException named(int errno, @Nullable String message) {
        if (errno == Errno.ECONNREFUSED || errno == Errno.ETIMEDOUT || errno == Errno.ENOTCONN) {
            return new ConnectException(message);
        }
        if (errno == Errno.EHOSTUNREACH) {
            return new NoRouteToHostException(message);
        }
        return errno == Errno.EADDRINUSE || errno == Errno.EADDRNOTAVAIL || errno == Errno.EACCES
                || errno == Errno.EPERM ? new BindException(message) : null;
    }

    /** The exception for a datagram that the kernel did not send. */
    public static SocketException ofSend(int length, Object destination, int errno) {
        return of(new SyscallException("sendmmsg", "of " + length + " bytes to " + destination, errno));
    }

    static IOException unreachable(Object peer) {
        return new PortUnreachableException("nothing listens at " + peer + ", or it cannot be reached");
    }
}
