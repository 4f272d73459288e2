package dev.salvo.kernel;

/**
 * Constants and layouts that the bindings lack, written by hand: {@code struct epoll_event}, whose layout depends on
 * the machine, and definitions from headers that the bindings do not include or that are newer than the bindings. The
 * same generated assertions that check the bindings against C check these, too (native/abi_check.c).
 */
public final class LinuxExtras {

    /** The size of {@code struct epoll_event} and the offsets of its fields. */
    record EpollEvent(int size, int events, int data) {

        /** sys/epoll.h packs the struct on x86-64 only, to give it the layout that 32-bit programs use. */
        static final EpollEvent X86_64 = new EpollEvent(12, 0, 4);

        static final EpollEvent ELSEWHERE = new EpollEvent(16, 0, 8);
    }

    private static final EpollEvent EPOLL_EVENT = System.getProperty("os.arch", "").equals("aarch64")
            ? EpollEvent.ELSEWHERE
            : EpollEvent.X86_64;

    public static final int EPOLL_EVENT_SIZE = EPOLL_EVENT.size();
    public static final int EPOLL_EVENT_EVENTS = EPOLL_EVENT.events();
    public static final int EPOLL_EVENT_DATA = EPOLL_EVENT.data();

    /** {@code struct ifaddrs} of ifaddrs.h: a list of the addresses of all interfaces. */
    public static final int IFADDRS_SIZE = 56;
    public static final int IFADDRS_NEXT = 0;
    public static final int IFADDRS_NAME = 8;
    public static final int IFADDRS_ADDR = 24;

    /** {@code struct ifreq} of net/if.h: the name of an interface, and behind it a value of a request. */
    public static final int IFREQ_SIZE = 40;
    public static final int IFREQ_NAME = 0;
    public static final int IFREQ_VALUE = 16;

    /** {@code struct ifconf} of net/if.h: the size and the address of a buffer for structs ifreq. */
    public static final int IFCONF_SIZE = 16;
    public static final int IFCONF_LENGTH = 0;
    public static final int IFCONF_BUFFER = 8;

    /** {@code struct group_filter} of netinet/in.h, up to its list of sources. */
    public static final int GROUP_FILTER_HEAD = 144;
    public static final int GROUP_FILTER_INTERFACE = 0;
    public static final int GROUP_FILTER_GROUP = 8;

    /** In linux/sockios.h: the IPv4 addresses of all interfaces. */
    public static final int SIOCGIFCONF = 0x8912;

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;

    /** The number of the system call, the same on both architectures (sys/syscall.h). */
    public static final int SYS_epoll_pwait2 = 441;

    /** The index of the drop counter in what SO_MEMINFO returns (linux/sock_diag.h). */
    public static final int SK_MEMINFO_DROPS = 8;
    /** How many 32-bit words SO_MEMINFO returns. */
    public static final int SK_MEMINFO_VARS = 9;

    /** In linux/in.h since Linux 6.3; no header of the C library has it yet. */
    public static final int IP_LOCAL_PORT_RANGE = 51;

    /** In asm-generic/socket.h since Linux 6.14. */
    public static final int SO_RCVPRIORITY = 82;

    /** In linux/in6.h; netinet/in.h does not define them. */
    public static final int IPV6_FLOWINFO = 11;
    public static final int IPV6_FLOWINFO_SEND = 33;

    /** In asm-generic/socket.h since Linux 6.13: the id of a transmit timestamp. */
    public static final int SCM_TS_OPT_ID = 81;

    private LinuxExtras() {}
}
