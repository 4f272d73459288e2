package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level SOL_SOCKET: socket(7). */
public final class SocketOptions {

    /**
     * Bytes for received datagrams; the kernel doubles what is set, clamps it to net.core.rmem_max, and charges its
     * overhead to it.
     */
    public static final SockOpt<Integer> RCVBUF = SockOpt.ofInt("SO_RCVBUF", Linux.SOL_SOCKET(), Linux.SO_RCVBUF());

    /** Bytes for datagrams being sent; doubled and clamped like {@link #RCVBUF}, by net.core.wmem_max. */
    public static final SockOpt<Integer> SNDBUF = SockOpt.ofInt("SO_SNDBUF", Linux.SOL_SOCKET(), Linux.SO_SNDBUF());

    /** Lets another unicast socket bind the same port, and then the last binder gets everything. */
    public static final SockOpt<Boolean> REUSEADDR = SockOpt.ofBoolean("SO_REUSEADDR", Linux.SOL_SOCKET(),
            Linux.SO_REUSEADDR());

    /** Shares the port: the kernel spreads flows over all members, which must all set it before bind. */
    public static final SockOpt<Boolean> REUSEPORT = SockOpt.ofBoolean("SO_REUSEPORT", Linux.SOL_SOCKET(),
            Linux.SO_REUSEPORT());

    /** Allows broadcast destinations; without it they fail with EACCES. */
    public static final SockOpt<Boolean> BROADCAST = SockOpt.ofBoolean("SO_BROADCAST", Linux.SOL_SOCKET(),
            Linux.SO_BROADCAST());

    /** The pending error, which reading clears. Read-only. */
    public static final SockOpt<Integer> ERROR = SockOpt.ofInt("SO_ERROR", Linux.SOL_SOCKET(), Linux.SO_ERROR());

    /** SOCK_DGRAM for UDP. Read-only. */
    public static final SockOpt<Integer> TYPE = SockOpt.ofInt("SO_TYPE", Linux.SOL_SOCKET(), Linux.SO_TYPE());

    /** The address family. Read-only. */
    public static final SockOpt<Integer> DOMAIN = SockOpt.ofInt("SO_DOMAIN", Linux.SOL_SOCKET(), Linux.SO_DOMAIN());

    /** IPPROTO_UDP for UDP. Read-only. */
    public static final SockOpt<Integer> PROTOCOL = SockOpt.ofInt("SO_PROTOCOL", Linux.SOL_SOCKET(),
            Linux.SO_PROTOCOL());

    /** Tells the drops so far with each datagram, as a control message. */
    public static final SockOpt<Boolean> RXQ_OVFL = SockOpt.ofBoolean("SO_RXQ_OVFL", Linux.SOL_SOCKET(),
            Linux.SO_RXQ_OVFL());

    /** Tells the time of receipt with each datagram, as a control message, by the wall clock. */
    public static final SockOpt<Boolean> TIMESTAMPNS = SockOpt.ofBoolean("SO_TIMESTAMPNS", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPNS());

    /**
     * As {@link #TIMESTAMPNS}, in microseconds: the two share a flag of the kernel's (sock_set_timestamp of
     * net/core/sock.c), so setting either switches the other off.
     */
    public static final SockOpt<Boolean> TIMESTAMP = SockOpt.ofBoolean("SO_TIMESTAMP", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMP());

    /**
     * Flags {@code SOF_TIMESTAMPING_*} (linux/net_tstamp.h): what is given times, in software or in hardware, and what
     * is told. Setting it replaces all flags.
     */
    public static final SockOpt<Integer> TIMESTAMPING = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());

    private SocketOptions() {}
}
