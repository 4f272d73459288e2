package dev.salvo.linux;

import dev.salvo.bindings.Linux;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The error numbers that calls on UDP sockets and other descriptors of Salvo return on Linux, with their names in
 * errno(3).
 */
public final class Errno {

    /** The names, and behind them the descriptions. */
    private static final Map<Integer, String[]> ROWS = new HashMap<>();

    /** Operation not permitted. Sending also returns this if a firewall rule refuses the datagram. */
    public static final int EPERM = row(Linux.EPERM(), "EPERM", "operation not permitted");
    /** Interrupted by a signal. */
    public static final int EINTR = row(Linux.EINTR(), "EINTR", "interrupted by a signal");
    /** Input or output error. */
    public static final int EIO = row(Linux.EIO(), "EIO", "input or output error");
    /** Not an open descriptor. */
    public static final int EBADF = row(Linux.EBADF(), "EBADF", "not an open descriptor");
    /** Would block. */
    public static final int EAGAIN = row(Linux.EAGAIN(), "EAGAIN", "would block");
    /** Out of memory. */
    public static final int ENOMEM = row(Linux.ENOMEM(), "ENOMEM", "out of memory");
    /** Permission denied. */
    public static final int EACCES = row(Linux.EACCES(), "EACCES", "permission denied");
    /** Bad address. */
    public static final int EFAULT = row(Linux.EFAULT(), "EFAULT", "bad address");
    /** Busy. */
    public static final int EBUSY = row(Linux.EBUSY(), "EBUSY", "busy");
    /** Exists already. */
    public static final int EEXIST = row(Linux.EEXIST(), "EEXIST", "exists already");
    /** No such device. */
    public static final int ENODEV = row(Linux.ENODEV(), "ENODEV", "no such device");
    /** Invalid argument. */
    public static final int EINVAL = row(Linux.EINVAL(), "EINVAL", "invalid argument");
    /** Too many open descriptors in this process. */
    public static final int EMFILE = row(Linux.EMFILE(), "EMFILE", "too many open descriptors in this process");
    /** Too many open files on this machine. */
    public static final int ENFILE = row(Linux.ENFILE(), "ENFILE", "too many open files on this machine");
    /** No such entry. */
    public static final int ENOENT = row(Linux.ENOENT(), "ENOENT", "no such entry");
    /** This kernel has no such call. */
    public static final int ENOSYS = row(Linux.ENOSYS(), "ENOSYS", "this kernel has no such call");
    /** Protocol error. */
    public static final int EPROTO = row(Linux.EPROTO(), "EPROTO", "protocol error");
    /** Not a socket. */
    public static final int ENOTSOCK = row(Linux.ENOTSOCK(), "ENOTSOCK", "not a socket");
    /** Destination address required. */
    public static final int EDESTADDRREQ = row(Linux.EDESTADDRREQ(), "EDESTADDRREQ", "destination address required");
    /** Message too long. */
    public static final int EMSGSIZE = row(Linux.EMSGSIZE(), "EMSGSIZE", "message too long");
    /** No such option. */
    public static final int ENOPROTOOPT = row(Linux.ENOPROTOOPT(), "ENOPROTOOPT", "no such option");
    /** Wrong type of socket. */
    public static final int EPROTOTYPE = row(Linux.EPROTOTYPE(), "EPROTOTYPE", "wrong type of socket");
    /** Protocol not supported. */
    public static final int EPROTONOSUPPORT = row(Linux.EPROTONOSUPPORT(), "EPROTONOSUPPORT", "protocol not supported");
    /** Operation not supported. */
    public static final int EOPNOTSUPP = row(Linux.EOPNOTSUPP(), "EOPNOTSUPP", "operation not supported");
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = row(Linux.EAFNOSUPPORT(), "EAFNOSUPPORT", "address family not supported");
    /** Address already in use. */
    public static final int EADDRINUSE = row(Linux.EADDRINUSE(), "EADDRINUSE", "address already in use");
    /** No such address on this machine. */
    public static final int EADDRNOTAVAIL = row(Linux.EADDRNOTAVAIL(), "EADDRNOTAVAIL", "no such address here");
    /** Network is down. */
    public static final int ENETDOWN = row(Linux.ENETDOWN(), "ENETDOWN", "network is down");
    /** Network is unreachable. */
    public static final int ENETUNREACH = row(Linux.ENETUNREACH(), "ENETUNREACH", "network is unreachable");
    /** Host is not on the network. */
    public static final int ENONET = row(Linux.ENONET(), "ENONET", "host is not on the network");
    /** Connection reset. */
    public static final int ECONNRESET = row(Linux.ECONNRESET(), "ECONNRESET", "connection reset");
    /** No buffer space. */
    public static final int ENOBUFS = row(Linux.ENOBUFS(), "ENOBUFS", "no buffer space");
    /** Already connected. */
    public static final int EISCONN = row(Linux.EISCONN(), "EISCONN", "already connected");
    /** Not connected. */
    public static final int ENOTCONN = row(Linux.ENOTCONN(), "ENOTCONN", "not connected");
    /** The socket was shut down. */
    public static final int ESHUTDOWN = row(Linux.ESHUTDOWN(), "ESHUTDOWN", "shut down");
    /** Timed out. */
    public static final int ETIMEDOUT = row(Linux.ETIMEDOUT(), "ETIMEDOUT", "timed out");
    /** Connection refused. */
    public static final int ECONNREFUSED = row(Linux.ECONNREFUSED(), "ECONNREFUSED", "connection refused");
    /** Host is down. */
    public static final int EHOSTDOWN = row(Linux.EHOSTDOWN(), "EHOSTDOWN", "host is down");
    /** No route to host. */
    public static final int EHOSTUNREACH = row(Linux.EHOSTUNREACH(), "EHOSTUNREACH", "no route to host");

    /**
     * The errors in icmp_err_convert of net/ipv4/icmp.c and icmpv6_err_convert of net/ipv6/icmp.c, and EPROTO for
     * parameter problems.
     */
    private static final Set<Integer> RAISED_BY_ICMP = Set.of(
            ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE, EACCES, EPROTO, ENOPROTOOPT, EOPNOTSUPP, EHOSTDOWN,
            ENONET);

    private Errno() {}

    private static int row(int errno, String name, String text) {
        ROWS.put(errno, new String[]{name, name + " (" + text + ")"});
        return errno;
    }

    /**
     * Whether an ICMP message can be the cause of an error. If it was, the error is about a datagram that was sent
     * before, and not about the call that returned the error.
     *
     * @param errno an error number, positive
     * @return true for ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE and others
     */
    public static boolean isRaisedByIcmp(int errno) {
        return RAISED_BY_ICMP.contains(errno);
    }

    /**
     * The name of an error number.
     *
     * @param errno an error number, positive
     * @return for instance {@code ECONNREFUSED}; {@code errno 133} for a number that this class does not list
     */
    public static String name(int errno) {
        var row = ROWS.get(errno);
        return row != null ? row[0] : "errno " + errno;
    }

    /**
     * The name of an error number and its meaning.
     *
     * @param errno an error number, positive
     * @return for instance {@code ECONNREFUSED (connection refused)}; only the name if this class does not list the
     * number
     */
    public static String describe(int errno) {
        var row = ROWS.get(errno);
        return row != null ? row[1] : name(errno);
    }
}
