package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.LinuxExtras;

/**
 * Options of level SOL_SOCKET: socket(7) and, for what that leaves out, net/core/sock.c of the kernel.
 *
 * <p>
 * java.net has an interface of the same name. A file that imports both packages with a star needs an import of
 * {@code dev.salvo.socket.option.SocketLevelOptions}, which takes precedence (JLS 6.4.1).
 */
public final class SocketLevelOptions {

    /**
     * Bytes for received datagrams and the error queue. The kernel limits the value that is set to net.core.rmem_max,
     * doubles it, and raises it to 2,304 if it is less. The value that is read is this doubled one. A negative value is
     * refused with IllegalArgumentException: the kernel takes it for the limit. The kernel charges its overhead of some
     * hundred bytes for each datagram to it. A new value takes effect at once, and what exceeds it is dropped.
     */
    public static final SockOpt<Integer> RCVBUF = size("SO_RCVBUF", Linux.SO_RCVBUF());

    /**
     * Bytes for datagrams that are being sent. The kernel limits the value to net.core.wmem_max, doubles it like that
     * of {@link #RCVBUF}, and raises it to 4,608 if it is less.
     */
    public static final SockOpt<Integer> SNDBUF = size("SO_SNDBUF", Linux.SO_SNDBUF());

    /**
     * Like {@link #RCVBUF}, but not limited to net.core.rmem_max: the largest value is half of 2^31. EPERM without
     * CAP_NET_ADMIN in the user namespace of the network namespace. It cannot be read (ENOPROTOOPT): read
     * {@link #RCVBUF} for the granted value.
     */
    public static final SockOpt<Integer> RCVBUFFORCE = size("SO_RCVBUFFORCE", Linux.SO_RCVBUFFORCE());

    /**
     * Like {@link #SNDBUF}, but not limited to net.core.wmem_max. EPERM without CAP_NET_ADMIN. It cannot be read
     * (ENOPROTOOPT): read {@link #SNDBUF} for the granted value.
     */
    public static final SockOpt<Integer> SNDBUFFORCE = size("SO_SNDBUFFORCE", Linux.SO_SNDBUFFORCE());

    /**
     * Which buffers the kernel must not resize on its own, which it does for TCP only: bit 0 is SNDBUF, bit 1 is
     * RCVBUF. Setting one of these options sets its bit. EINVAL for other bits. Since Linux 5.14.
     */
    public static final SockOpt<Integer> BUF_LOCK = number("SO_BUF_LOCK", Linux.SO_BUF_LOCK());

    /**
     * Bytes charged to the memory cgroup in advance. EOPNOTSUPP outside a memory cgroup, ENOMEM beyond its limit. Since
     * Linux 5.17.
     */
    public static final SockOpt<Integer> RESERVE_MEM = number("SO_RESERVE_MEM", Linux.SO_RESERVE_MEM());

    /**
     * Lets several sockets bind the same port, if all of them have set this. The socket that was bound last then
     * receives all unicast datagrams; every member of a group receives a copy of the group's datagrams. Set it before
     * bind.
     */
    public static final SockOpt<Boolean> REUSEADDR = flag("SO_REUSEADDR", Linux.SO_REUSEADDR());

    /**
     * Lets several sockets share a port as a group: the kernel distributes flows over the members. All members must set
     * it before bind, and must belong to one user.
     */
    public static final SockOpt<Boolean> REUSEPORT = flag("SO_REUSEPORT", Linux.SO_REUSEPORT());

    /** Allows broadcast destinations. Without it, sends to them fail with EACCES. */
    public static final SockOpt<Boolean> BROADCAST = flag("SO_BROADCAST", Linux.SO_BROADCAST());

    /**
     * Sends only to hosts of the networks that this host is directly connected to. No gateway is used: a destination
     * that needs one fails with ENETUNREACH.
     */
    public static final SockOpt<Boolean> DONTROUTE = flag("SO_DONTROUTE", Linux.SO_DONTROUTE());

    /**
     * The name of the only interface by which the socket receives and sends; "" for all interfaces. At most 15 bytes of
     * UTF-8. ENODEV if there is no such interface. EPERM without CAP_NET_RAW; since Linux 5.7 the capability is needed
     * only if the socket is already bound to an interface. In the kernel, a disconnect undoes this option; see
     * {@link dev.salvo.socket.UdpSocket#disconnect}.
     */
    public static final SockOpt<String> BINDTODEVICE = new SockOpt<>("SO_BINDTODEVICE", String.class,
            Linux.SOL_SOCKET(), Linux.SO_BINDTODEVICE(), SockOpt.NAME);

    /**
     * Like {@link #BINDTODEVICE}, by the index of the interface; 0 for all interfaces. It needs the same capability.
     * The kernel accepts any index; with one that no interface has, nothing is received. Since Linux 5.1.
     */
    public static final SockOpt<Integer> BINDTOIFINDEX = number("SO_BINDTOIFINDEX", Linux.SO_BINDTOIFINDEX());

    /**
     * The mark of every packet that is sent, for routing rules, nftables and traffic control; 32 bits. The default is
     * 0. EPERM without CAP_NET_ADMIN or, since Linux 5.17, CAP_NET_RAW.
     */
    public static final SockOpt<Integer> MARK = number("SO_MARK", Linux.SO_MARK());

    /**
     * Reports the mark of each datagram, in a control message SO_MARK of an int. Since Linux 5.19. Some releases
     * returned EPERM without CAP_NET_RAW or CAP_NET_ADMIN, which was reverted.
     */
    public static final SockOpt<Boolean> RCVMARK = flag("SO_RCVMARK", Linux.SO_RCVMARK());

    /**
     * The priority of every packet that is sent, which queueing disciplines use. 0 to 6 are always accepted; other
     * values need CAP_NET_ADMIN or, since Linux 5.17, CAP_NET_RAW (EPERM). Setting {@link IpOptions#TOS} sets it as
     * well.
     */
    public static final SockOpt<Integer> PRIORITY = number("SO_PRIORITY", Linux.SO_PRIORITY());

    /** Reports the priority of each datagram, in a control message SO_PRIORITY of an int. Since Linux 6.14. */
    public static final SockOpt<Boolean> RCVPRIORITY = flag("SO_RCVPRIORITY", LinuxExtras.SO_RCVPRIORITY);

    /**
     * The rate at which the fq queueing discipline lets the socket send, in bytes per second; -1, the default, for no
     * limit. Without fq on the interface it has no effect (tc-fq(8)).
     */
    public static final SockOpt<Long> MAX_PACING_RATE = new SockOpt<>("SO_MAX_PACING_RATE", Long.class,
            Linux.SOL_SOCKET(), Linux.SO_MAX_PACING_RATE(), SockOpt.LONG);

    /**
     * How long a receive that finds nothing polls the queue of the network card, in microseconds, if the driver
     * supports NAPI busy polling. The default is net.core.busy_read. A value larger than the current one needs
     * CAP_NET_ADMIN (EPERM). EINVAL if negative.
     */
    public static final SockOpt<Integer> BUSY_POLL = number("SO_BUSY_POLL", Linux.SO_BUSY_POLL());

    /**
     * Defers the interrupts of the network card while the application polls: see {@link #BUSY_POLL} and the kernel's
     * Documentation/networking/napi.rst. Switching it on is EPERM without CAP_NET_ADMIN. Since Linux 5.11.
     */
    public static final SockOpt<Boolean> PREFER_BUSY_POLL = flag("SO_PREFER_BUSY_POLL", Linux.SO_PREFER_BUSY_POLL());

    /**
     * How many packets one busy poll takes, 0 to 65,535; 0, the default, means 8. A value larger than the current one
     * needs CAP_NET_ADMIN (EPERM). It cannot be read (ENOPROTOOPT). Since Linux 5.11.
     */
    public static final SockOpt<Integer> BUSY_POLL_BUDGET = number("SO_BUSY_POLL_BUDGET", Linux.SO_BUSY_POLL_BUDGET());

    /**
     * The CPU whose packets this socket receives in preference to other sockets that are bound to the same port, since
     * Linux 6.2 also within a group of {@link #REUSEPORT}. The kernel accepts any number. The value that is read is the
     * one that was set or, on a connected socket, the CPU on which the last packet arrived; -1 if there is neither.
     */
    public static final SockOpt<Integer> INCOMING_CPU = number("SO_INCOMING_CPU", Linux.SO_INCOMING_CPU());

    /**
     * The number of the network card's queue that the last packet came from. It is 0 if there was no packet, or if its
     * interface has no NAPI, like loopback. Read-only (ENOPROTOOPT). The kernel has the option only with
     * CONFIG_NET_RX_BUSY_POLL.
     */
    public static final SockOpt<Integer> INCOMING_NAPI_ID = number("SO_INCOMING_NAPI_ID", Linux.SO_INCOMING_NAPI_ID());

    /**
     * Reports the receive time of each datagram, in a control message of seconds and microseconds, by the wall clock.
     * This option and {@link #TIMESTAMPNS} replace each other: the one that was set last applies.
     */
    public static final SockOpt<Boolean> TIMESTAMP = flag("SO_TIMESTAMP", Linux.SO_TIMESTAMP());

    /**
     * Reports the receive time of each datagram, in a control message of seconds and nanoseconds, by the wall clock.
     */
    public static final SockOpt<Boolean> TIMESTAMPNS = flag("SO_TIMESTAMPNS", Linux.SO_TIMESTAMPNS());

    /**
     * Which times are taken of received and sent datagrams, and by which clock. The times of sent datagrams arrive on
     * the error queue. The kernel's Documentation/networking/timestamping.rst is the manual. EINVAL for flags that the
     * kernel does not know.
     */
    public static final SockOpt<Timestamping> TIMESTAMPING = new SockOpt<>("SO_TIMESTAMPING", Timestamping.class,
            Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING(), Timestamping.CODEC);

    /**
     * Reports with each datagram how many packets the socket has dropped so far, in a control message of a 32-bit
     * count. Only datagrams after the first drop have the control message, and while no datagram arrives, nothing is
     * reported. {@link #MEMINFO} has the count at any time.
     */
    public static final SockOpt<Boolean> RXQ_OVFL = flag("SO_RXQ_OVFL", Linux.SO_RXQ_OVFL());

    /**
     * Allows a transmit time for each datagram, in a control message SCM_TXTIME, for the queueing disciplines fq and
     * etf: tc-fq(8), tc-etf(8). It can be set again, but not be unset. EPERM without CAP_NET_ADMIN for a clock other
     * than MONOTONIC, before Linux 5.8 for MONOTONIC, too. EINVAL for a flag that the kernel does not accept, on recent
     * kernels also for a clock.
     */
    public static final SockOpt<TransmitTimeClock> TXTIME = new SockOpt<>("SO_TXTIME", TransmitTimeClock.class,
            Linux.SOL_SOCKET(), Linux.SO_TXTIME(), TransmitTimeClock.CODEC);

    /** The memory that the socket uses, its limits, and its drops. Read-only (ENOPROTOOPT). */
    public static final SockOpt<MemoryInfo> MEMINFO = new SockOpt<>("SO_MEMINFO", MemoryInfo.class, Linux.SOL_SOCKET(),
            Linux.SO_MEMINFO(), MemoryInfo.CODEC);

    /**
     * A number that identifies the socket to BPF programs and sock_diag(7). No other socket has the same number until
     * the host restarts. Read-only (ENOPROTOOPT).
     */
    public static final SockOpt<Long> COOKIE = new SockOpt<>("SO_COOKIE", Long.class, Linux.SOL_SOCKET(),
            Linux.SO_COOKIE(), SockOpt.LONG);

    /**
     * The {@link #COOKIE} of the network namespace that the socket is in. Read-only (ENOPROTOOPT). Since Linux 5.14.
     */
    public static final SockOpt<Long> NETNS_COOKIE = new SockOpt<>("SO_NETNS_COOKIE", Long.class, Linux.SOL_SOCKET(),
            Linux.SO_NETNS_COOKIE(), SockOpt.LONG);

    /** The pending error: an errno, or 0. Reading it clears it. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> ERROR = number("SO_ERROR", Linux.SO_ERROR());

    /** The type of the socket: SOCK_DGRAM, 2, for UDP. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> TYPE = number("SO_TYPE", Linux.SO_TYPE());

    /** The address family: AF_INET, 2, or AF_INET6, 10. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> DOMAIN = number("SO_DOMAIN", Linux.SO_DOMAIN());

    /** The protocol: IPPROTO_UDP, 17, for UDP. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> PROTOCOL = number("SO_PROTOCOL", Linux.SO_PROTOCOL());

    /**
     * A classic BPF program that each datagram has to pass. It replaces an earlier one. The program sees the UDP header
     * at offset 0. Its result is the number of bytes that are kept, header included; if that is 0, the datagram is
     * dropped and counted. While {@link UdpOptions#GRO} is on, the program runs once for a coalesced message, and its
     * result applies to the whole message.
     *
     * <p>
     * The value that is read is the attached program, without instructions if there is none (SO_GET_FILTER has the same
     * number); EACCES if the attached program is eBPF. EINVAL for a program that the kernel finds invalid; ENOMEM
     * beyond net.core.optmem_max; EPERM while {@link #LOCK_FILTER} is on.
     */
    public static final SockOpt<BpfProgram> ATTACH_FILTER = new SockOpt<>("SO_ATTACH_FILTER", BpfProgram.class,
            Linux.SOL_SOCKET(), Linux.SO_ATTACH_FILTER(), BpfProgram.CODEC);

    /**
     * The descriptor of an eBPF program of type BPF_PROG_TYPE_SOCKET_FILTER, which is used like {@link #ATTACH_FILTER}.
     * EBADF if it is not a descriptor, EINVAL if it is one of another kind, EPERM while {@link #LOCK_FILTER} is on. It
     * cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> ATTACH_BPF = number("SO_ATTACH_BPF", Linux.SO_ATTACH_BPF());

    /**
     * Removes the filter, whatever value is set. ENOENT if there is none; EPERM while {@link #LOCK_FILTER} is on. It
     * cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> DETACH_FILTER = number("SO_DETACH_FILTER", Linux.SO_DETACH_FILTER());

    /**
     * While it is on, no holder of the socket can change or remove the filter. Once on, it cannot be switched off
     * (EPERM).
     */
    public static final SockOpt<Boolean> LOCK_FILTER = flag("SO_LOCK_FILTER", Linux.SO_LOCK_FILTER());

    /**
     * A classic BPF program that chooses which member of a {@link #REUSEPORT} group receives a datagram. Its result is
     * the position of the member in the order in which the members were bound, from 0; a result beyond the last one
     * leaves the choice to the kernel's hash. The program sees the payload at offset 0. It is set on one member and
     * applies to all.
     *
     * <p>
     * EINVAL for an invalid program or without REUSEPORT; ENOMEM beyond net.core.optmem_max. It cannot be read
     * (ENOPROTOOPT).
     */
    public static final SockOpt<BpfProgram> ATTACH_REUSEPORT_CBPF = new SockOpt<>("SO_ATTACH_REUSEPORT_CBPF",
            BpfProgram.class, Linux.SOL_SOCKET(), Linux.SO_ATTACH_REUSEPORT_CBPF(), BpfProgram.CODEC);

    /**
     * Like {@link #ATTACH_REUSEPORT_CBPF}, by the descriptor of an eBPF program of type BPF_PROG_TYPE_SOCKET_FILTER or
     * BPF_PROG_TYPE_SK_REUSEPORT. EBADF if it is not a descriptor, EINVAL if it is one of another kind. It cannot be
     * read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> ATTACH_REUSEPORT_EBPF = number("SO_ATTACH_REUSEPORT_EBPF",
            Linux.SO_ATTACH_REUSEPORT_EBPF());

    /**
     * Removes the program of {@link #ATTACH_REUSEPORT_CBPF} or {@link #ATTACH_REUSEPORT_EBPF}, whatever value is set.
     * EINVAL if the socket was never in a group; ENOENT if the group has no program. It cannot be read (ENOPROTOOPT).
     * Since Linux 5.3.
     */
    public static final SockOpt<Integer> DETACH_REUSEPORT_BPF = number("SO_DETACH_REUSEPORT_BPF",
            Linux.SO_DETACH_REUSEPORT_BPF());

    /**
     * Sends over IPv4 without a UDP checksum. Sends with UDP_SEGMENT then fail with EINVAL.
     * {@link UdpOptions#NO_CHECK6_TX} is the option for IPv6.
     */
    public static final SockOpt<Boolean> NO_CHECK = flag("SO_NO_CHECK", Linux.SO_NO_CHECK());

    private SocketLevelOptions() {}

    private static SockOpt<Boolean> flag(String name, int number) {
        return SockOpt.ofBoolean(name, Linux.SOL_SOCKET(), number);
    }

    /** A number of bytes. The kernel takes a negative one for the limit (sock_setsockopt of net/core/sock.c). */
    private static SockOpt<Integer> size(String name, int number) {
        return new SockOpt<>(name, Integer.class, Linux.SOL_SOCKET(), number, SockOpt.codec(bytes -> bytes, bytes -> {
            if (bytes < 0) {
                throw new IllegalArgumentException(name + " must not be negative: " + bytes);
            }
            return bytes;
        }));
    }

    private static SockOpt<Integer> number(String name, int number) {
        return SockOpt.ofInt(name, Linux.SOL_SOCKET(), number);
    }
}
