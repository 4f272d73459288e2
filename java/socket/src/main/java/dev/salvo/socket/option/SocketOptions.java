package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.HandWritten;

/** Options of level SOL_SOCKET: socket(7), and net/core/sock.c of the kernel for what that leaves out. */
public final class SocketOptions {

    /**
     * Bytes for received datagrams and the error queue. The kernel clamps what is set to net.core.rmem_max and doubles
     * it, to 2,304 at the least, and charges its overhead of some hundred bytes for each datagram to it; what is read
     * is the doubled value. It takes effect at once, and what is over is dropped.
     */
    public static final SockOpt<Integer> RCVBUF = SockOpt.ofInt("SO_RCVBUF", Linux.SOL_SOCKET(), Linux.SO_RCVBUF());

    /**
     * Bytes for datagrams being sent; clamped to net.core.wmem_max and doubled like {@link #RCVBUF}, to 4,608 at the
     * least.
     */
    public static final SockOpt<Integer> SNDBUF = SockOpt.ofInt("SO_SNDBUF", Linux.SOL_SOCKET(), Linux.SO_SNDBUF());

    /**
     * As {@link #RCVBUF}, but beyond net.core.rmem_max: half of 2^31 is the most. EPERM without CAP_NET_ADMIN in the
     * user namespace of the network namespace. It cannot be read (ENOPROTOOPT): {@link #RCVBUF} tells what was granted.
     */
    public static final SockOpt<Integer> RCVBUFFORCE = SockOpt.ofInt("SO_RCVBUFFORCE", Linux.SOL_SOCKET(),
            Linux.SO_RCVBUFFORCE());

    /**
     * As {@link #SNDBUF}, but beyond net.core.wmem_max. EPERM without CAP_NET_ADMIN. It cannot be read (ENOPROTOOPT):
     * {@link #SNDBUF} tells what was granted.
     */
    public static final SockOpt<Integer> SNDBUFFORCE = SockOpt.ofInt("SO_SNDBUFFORCE", Linux.SOL_SOCKET(),
            Linux.SO_SNDBUFFORCE());

    /**
     * Which buffers the kernel, for TCP alone, is not to tune: bit 0 SNDBUF, bit 1 RCVBUF, which setting these sets.
     * EINVAL for others. Since Linux 5.14.
     */
    public static final SockOpt<Integer> BUF_LOCK = SockOpt.ofInt("SO_BUF_LOCK", Linux.SOL_SOCKET(),
            Linux.SO_BUF_LOCK());

    /**
     * Bytes charged to the memory cgroup beforehand. EOPNOTSUPP outside one, ENOMEM beyond its limit. Since Linux 5.17.
     */
    public static final SockOpt<Integer> RESERVE_MEM = SockOpt.ofInt("SO_RESERVE_MEM", Linux.SOL_SOCKET(),
            Linux.SO_RESERVE_MEM());

    /**
     * Where in the queue a receive with MSG_PEEK begins, in bytes, moving on with each; negative, as it is unless set,
     * for always the first. For programs that peek on the descriptor: Salvo does not.
     */
    public static final SockOpt<Integer> PEEK_OFF = SockOpt.ofInt("SO_PEEK_OFF", Linux.SOL_SOCKET(),
            Linux.SO_PEEK_OFF());

    /**
     * Lets another unicast socket bind the same port, if both have set it, and then the last binder gets everything. Of
     * a group's datagrams each member gets a copy. Before bind.
     */
    public static final SockOpt<Boolean> REUSEADDR = SockOpt.ofBoolean("SO_REUSEADDR", Linux.SOL_SOCKET(),
            Linux.SO_REUSEADDR());

    /**
     * Shares the port: the kernel spreads flows over all members, which must all set it before bind and be of one user.
     */
    public static final SockOpt<Boolean> REUSEPORT = SockOpt.ofBoolean("SO_REUSEPORT", Linux.SOL_SOCKET(),
            Linux.SO_REUSEPORT());

    /** Allows broadcast destinations; without it they fail with EACCES. */
    public static final SockOpt<Boolean> BROADCAST = SockOpt.ofBoolean("SO_BROADCAST", Linux.SOL_SOCKET(),
            Linux.SO_BROADCAST());

    /**
     * Sends only to hosts of the networks that this host is in itself: no gateway is used, and what would need one
     * fails with ENETUNREACH.
     */
    public static final SockOpt<Boolean> DONTROUTE = SockOpt.ofBoolean("SO_DONTROUTE", Linux.SOL_SOCKET(),
            Linux.SO_DONTROUTE());

    /**
     * The name of the one interface that is received from and sent by; "" for all. At most 15 bytes of UTF-8. ENODEV if
     * there is no such interface. EPERM without CAP_NET_RAW, since Linux 5.7 only if the socket is bound to one
     * already. A disconnect takes it; see {@link dev.salvo.socket.UdpSocket#disconnect}.
     */
    public static final SockOpt<String> BINDTODEVICE = new SockOpt<>("SO_BINDTODEVICE", String.class,
            Linux.SOL_SOCKET(), Linux.SO_BINDTODEVICE(), Codecs.NAME);

    /**
     * {@link #BINDTODEVICE} by index, 0 for all. The same capability. The kernel takes any index; with one that no
     * interface has, nothing is received. Since Linux 5.1.
     */
    public static final SockOpt<Integer> BINDTOIFINDEX = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());

    /**
     * The mark of every packet that is sent, for routing rules, nftables and traffic control; 32 bits. 0 unless set.
     * EPERM without CAP_NET_ADMIN or, since Linux 5.17, CAP_NET_RAW.
     */
    public static final SockOpt<Integer> MARK = SockOpt.ofInt("SO_MARK", Linux.SOL_SOCKET(), Linux.SO_MARK());

    /**
     * Tells the mark of each datagram, as a control message SO_MARK of an int. Since Linux 5.19; in some releases,
     * which was taken back, EPERM without CAP_NET_RAW or CAP_NET_ADMIN.
     */
    public static final SockOpt<Boolean> RCVMARK = SockOpt.ofBoolean("SO_RCVMARK", Linux.SOL_SOCKET(),
            Linux.SO_RCVMARK());

    /**
     * The priority of every packet that is sent, by which queueing disciplines choose; 0 to 6, and others with
     * CAP_NET_ADMIN or, since Linux 5.17, CAP_NET_RAW (EPERM). Setting {@link IpOptions#TOS} sets it as well.
     */
    public static final SockOpt<Integer> PRIORITY = SockOpt.ofInt("SO_PRIORITY", Linux.SOL_SOCKET(),
            Linux.SO_PRIORITY());

    /** Tells the priority of each datagram, as a control message SO_PRIORITY of an int. Since Linux 6.14. */
    public static final SockOpt<Boolean> RCVPRIORITY = SockOpt.ofBoolean("SO_RCVPRIORITY", Linux.SOL_SOCKET(),
            HandWritten.SO_RCVPRIORITY);

    /**
     * Bytes a second that the fq queueing discipline lets the socket send; -1, as it is unless set, for no limit.
     * Without fq on the interface it does nothing (tc-fq(8)).
     */
    public static final SockOpt<Long> MAX_PACING_RATE = new SockOpt<>("SO_MAX_PACING_RATE", Long.class,
            Linux.SOL_SOCKET(), Linux.SO_MAX_PACING_RATE(), Codecs.LONG);

    /**
     * Microseconds for which a receive that finds nothing polls the queue of the network card, where its driver has
     * NAPI busy polling; net.core.busy_read unless set. More than is set takes CAP_NET_ADMIN (EPERM); EINVAL if
     * negative.
     */
    public static final SockOpt<Integer> BUSY_POLL = SockOpt.ofInt("SO_BUSY_POLL", Linux.SOL_SOCKET(),
            Linux.SO_BUSY_POLL());

    /**
     * Has the card's interrupts wait while the application polls: see {@link #BUSY_POLL} and the kernel's
     * Documentation/networking/napi.rst. Since Linux 5.11; EPERM without CAP_NET_ADMIN to switch it on.
     */
    public static final SockOpt<Boolean> PREFER_BUSY_POLL = SockOpt.ofBoolean("SO_PREFER_BUSY_POLL", Linux.SOL_SOCKET(),
            Linux.SO_PREFER_BUSY_POLL());

    /**
     * How many packets one busy poll takes, 0 to 65,535; 0, as it is unless set, for 8. Since Linux 5.11; more than is
     * set takes CAP_NET_ADMIN (EPERM). It cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> BUSY_POLL_BUDGET = SockOpt.ofInt("SO_BUSY_POLL_BUDGET", Linux.SOL_SOCKET(),
            Linux.SO_BUSY_POLL_BUDGET());

    /**
     * The CPU whose packets this socket is to have before others bound to the same port, since Linux 6.2 also within a
     * group of {@link #REUSEPORT}. Read: what was set or, on a connected socket, the CPU that the last packet came in
     * on; -1 for neither. The kernel takes any number.
     */
    public static final SockOpt<Integer> INCOMING_CPU = SockOpt.ofInt("SO_INCOMING_CPU", Linux.SOL_SOCKET(),
            Linux.SO_INCOMING_CPU());

    /**
     * The number of the card's queue that the last packet came from, and 0 if there was none, or it came by an
     * interface without NAPI, as loopback is. Read-only (ENOPROTOOPT). Not there without CONFIG_NET_RX_BUSY_POLL.
     */
    public static final SockOpt<Integer> INCOMING_NAPI_ID = SockOpt.ofInt("SO_INCOMING_NAPI_ID", Linux.SOL_SOCKET(),
            Linux.SO_INCOMING_NAPI_ID());

    /**
     * Tells the time of receipt with each datagram, as a control message of seconds and microseconds, by the wall
     * clock. {@link #TIMESTAMPNS} takes its place, and the later one set counts.
     */
    public static final SockOpt<Boolean> TIMESTAMP = SockOpt.ofBoolean("SO_TIMESTAMP", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMP());

    /**
     * Tells the time of receipt with each datagram, as a control message of seconds and nanoseconds, by the wall clock.
     */
    public static final SockOpt<Boolean> TIMESTAMPNS = SockOpt.ofBoolean("SO_TIMESTAMPNS", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPNS());

    /**
     * Which times are taken of received and sent datagrams, and by which clock; those of sent ones come on the error
     * queue. The kernel's Documentation/networking/timestamping.rst is its manual. EINVAL for flags that the kernel
     * lacks.
     */
    public static final SockOpt<Timestamping> TIMESTAMPING = new SockOpt<>("SO_TIMESTAMPING", Timestamping.class,
            Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING(), Timestamping.CODEC);

    /**
     * Tells the drops so far with each datagram, as a control message of a 32-bit count that a datagram after the first
     * drop carries: while nothing more arrives it says nothing. {@link #MEMINFO} says it at once.
     */
    public static final SockOpt<Boolean> RXQ_OVFL = SockOpt.ofBoolean("SO_RXQ_OVFL", Linux.SOL_SOCKET(),
            Linux.SO_RXQ_OVFL());

    /**
     * Allows sends with MSG_ZEROCOPY, whose completions come on the error queue. Setting it changes no send by itself.
     * Since Linux 5.0 for UDP.
     */
    public static final SockOpt<Boolean> ZEROCOPY = SockOpt.ofBoolean("SO_ZEROCOPY", Linux.SOL_SOCKET(),
            Linux.SO_ZEROCOPY());

    /**
     * Allows a transmit time with each datagram, as a control message SCM_TXTIME, for the queueing disciplines fq and
     * etf. It can be set anew and not be unset. EPERM without CAP_NET_ADMIN for another clock than MONOTONIC, before
     * Linux 5.8 for that one too; EINVAL for a flag that the kernel does not take, in recent ones also for a clock.
     * tc-fq(8), tc-etf(8).
     */
    public static final SockOpt<TransmitTimeClock> TXTIME = new SockOpt<>("SO_TXTIME", TransmitTimeClock.class,
            Linux.SOL_SOCKET(), Linux.SO_TXTIME(), TransmitTimeClock.CODEC);

    /** The memory that the socket uses, its limits, and its drops. Read-only (ENOPROTOOPT). */
    public static final SockOpt<MemoryInfo> MEMINFO = new SockOpt<>("SO_MEMINFO", MemoryInfo.class, Linux.SOL_SOCKET(),
            Linux.SO_MEMINFO(), MemoryInfo.CODEC);

    /**
     * A number that no other socket of this boot has, by which BPF programs and sock_diag(7) know the socket. Read-only
     * (ENOPROTOOPT).
     */
    public static final SockOpt<Long> COOKIE = new SockOpt<>("SO_COOKIE", Long.class, Linux.SOL_SOCKET(),
            Linux.SO_COOKIE(), Codecs.LONG);

    /** {@link #COOKIE} of the network namespace that the socket is in. Read-only (ENOPROTOOPT). Since Linux 5.14. */
    public static final SockOpt<Long> NETNS_COOKIE = new SockOpt<>("SO_NETNS_COOKIE", Long.class, Linux.SOL_SOCKET(),
            Linux.SO_NETNS_COOKIE(), Codecs.LONG);

    /** The pending error, which reading clears: an errno, or 0. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> ERROR = SockOpt.ofInt("SO_ERROR", Linux.SOL_SOCKET(), Linux.SO_ERROR());

    /** SOCK_DGRAM, which is 2, for UDP. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> TYPE = SockOpt.ofInt("SO_TYPE", Linux.SOL_SOCKET(), Linux.SO_TYPE());

    /** The address family: AF_INET, 2, or AF_INET6, 10. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> DOMAIN = SockOpt.ofInt("SO_DOMAIN", Linux.SOL_SOCKET(), Linux.SO_DOMAIN());

    /** IPPROTO_UDP, which is 17, for UDP. Read-only (ENOPROTOOPT). */
    public static final SockOpt<Integer> PROTOCOL = SockOpt.ofInt("SO_PROTOCOL", Linux.SOL_SOCKET(),
            Linux.SO_PROTOCOL());

    /**
     * A classic BPF program that each datagram has to pass, in the place of any before. It sees the UDP header at
     * offset 0, its result is how many bytes are kept, header included, and at 0 the datagram is dropped and counted.
     * With {@link UdpOptions#GRO} on it is run once for what was coalesced, and its result is for that whole. Read, the
     * program that is attached, of no instructions if there is none (SO_GET_FILTER has its number); EACCES if that is
     * eBPF. EINVAL for a program that the kernel finds wrong; ENOMEM beyond net.core.optmem_max; EPERM while
     * {@link #LOCK_FILTER} is on.
     */
    public static final SockOpt<BpfProgram> ATTACH_FILTER = new SockOpt<>("SO_ATTACH_FILTER", BpfProgram.class,
            Linux.SOL_SOCKET(), Linux.SO_ATTACH_FILTER(), BpfProgram.CODEC);

    /**
     * The descriptor of an eBPF program of type BPF_PROG_TYPE_SOCKET_FILTER, to be used like {@link #ATTACH_FILTER}.
     * EBADF for none, EINVAL for another kind, EPERM while {@link #LOCK_FILTER} is on. It cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> ATTACH_BPF = SockOpt.ofInt("SO_ATTACH_BPF", Linux.SOL_SOCKET(),
            Linux.SO_ATTACH_BPF());

    /**
     * Takes the filter away, whatever the value that is set. ENOENT if there is none; EPERM while {@link #LOCK_FILTER}
     * is on. It cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> DETACH_FILTER = SockOpt.ofInt("SO_DETACH_FILTER", Linux.SOL_SOCKET(),
            Linux.SO_DETACH_FILTER());

    /**
     * On, the filter can be neither changed nor taken away, by any holder of the socket. On for ever: EPERM to switch
     * it off.
     */
    public static final SockOpt<Boolean> LOCK_FILTER = SockOpt.ofBoolean("SO_LOCK_FILTER", Linux.SOL_SOCKET(),
            Linux.SO_LOCK_FILTER());

    /**
     * A classic BPF program that chooses which member of a group of {@link #REUSEPORT} gets a datagram, by the order in
     * which they were bound, from 0; a result beyond that leaves it to the hash. It sees the payload at offset 0. Of
     * one member for all. EINVAL for a wrong program or without REUSEPORT; ENOMEM beyond net.core.optmem_max. It cannot
     * be read (ENOPROTOOPT).
     */
    public static final SockOpt<BpfProgram> ATTACH_REUSEPORT_CBPF = new SockOpt<>("SO_ATTACH_REUSEPORT_CBPF",
            BpfProgram.class, Linux.SOL_SOCKET(), Linux.SO_ATTACH_REUSEPORT_CBPF(), BpfProgram.CODEC);

    /**
     * {@link #ATTACH_REUSEPORT_CBPF} by the descriptor of an eBPF program, BPF_PROG_TYPE_SOCKET_FILTER or
     * _SK_REUSEPORT. EBADF for none, EINVAL for another kind. It cannot be read (ENOPROTOOPT).
     */
    public static final SockOpt<Integer> ATTACH_REUSEPORT_EBPF = SockOpt.ofInt("SO_ATTACH_REUSEPORT_EBPF",
            Linux.SOL_SOCKET(), Linux.SO_ATTACH_REUSEPORT_EBPF());

    /**
     * Takes the program of {@link #ATTACH_REUSEPORT_CBPF}, or one of eBPF, away, whatever the value that is set. EINVAL
     * if the socket was never in a group; ENOENT if the group has no program. It cannot be read (ENOPROTOOPT). Since
     * Linux 5.3.
     */
    public static final SockOpt<Integer> DETACH_REUSEPORT_BPF = SockOpt.ofInt("SO_DETACH_REUSEPORT_BPF",
            Linux.SOL_SOCKET(), Linux.SO_DETACH_REUSEPORT_BPF());

    /**
     * Sends over IPv4 without a UDP checksum. For IPv6 see {@link UdpOptions#NO_CHECK6_TX}. Sends with UDP_SEGMENT fail
     * with EINVAL then.
     */
    public static final SockOpt<Boolean> NO_CHECK = SockOpt.ofBoolean("SO_NO_CHECK", Linux.SOL_SOCKET(),
            Linux.SO_NO_CHECK());

    private SocketOptions() {}
}
