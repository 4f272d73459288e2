package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The error numbers that UDP and its descriptors raise on Linux, under their names in errno(3). */
public final class Errno {

    private static final Map<Integer, String> NAMES = new HashMap<>();
    private static final Map<Integer, String> TEXTS = new HashMap<>();

    /** Not permitted; a firewall rule answers this too. */
    public static final int EPERM = row(Linux.EPERM(), "EPERM", "not permitted; a firewall rule answers this too");
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
    /** A destination is needed. */
    public static final int EDESTADDRREQ = row(Linux.EDESTADDRREQ(), "EDESTADDRREQ", "a destination is needed");
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
    /** No such address here. */
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
    /** Timed out. */
    public static final int ETIMEDOUT = row(Linux.ETIMEDOUT(), "ETIMEDOUT", "timed out");
    /** Connection refused. */
    public static final int ECONNREFUSED = row(Linux.ECONNREFUSED(), "ECONNREFUSED", "connection refused");
    /** Host is down. */
    public static final int EHOSTDOWN = row(Linux.EHOSTDOWN(), "EHOSTDOWN", "host is down");
    /** No route to host. */
    public static final int EHOSTUNREACH = row(Linux.EHOSTUNREACH(), "EHOSTUNREACH", "no route to host");

    /** icmp_err_convert of net/ipv4/icmp.c, icmpv6_err_convert of net/ipv6/icmp.c, and EPROTO of parameter problems. */
    private static final Set<Integer> RAISED_BY_ICMP = Set.of(
            ECONNREFUSED,
            EHOSTUNREACH,
            ENETUNREACH,
            EMSGSIZE,
            EACCES,
            EPROTO,
            ENOPROTOOPT,
            EOPNOTSUPP,
            EHOSTDOWN,
            ENONET);

    private Errno() {}

    private static int row(int errno, String name, String text) {
        NAMES.put(errno, name);
        TEXTS.put(errno, text);
        return errno;
    }

    /**
     * Whether an ICMP message can be the cause of an error: it is then about something sent before, not about the call
     * that returned it.
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
     * @return for instance {@code ECONNREFUSED}; {@code errno 133} for one that is not listed here
     */
    public static String name(int errno) {
        var name = NAMES.get(errno);
        return name != null ? name : "errno " + errno;
    }

    /**
     * The name of an error number and what it means.
     *
     * @param errno an error number, positive
     * @return for instance {@code ECONNREFUSED (connection refused)}
     */
    public static String describe(int errno) {
        var text = TEXTS.get(errno);
        return text != null ? name(errno) + " (" + text + ")" : name(errno);
    }
}
