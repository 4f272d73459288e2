package dev.salvo.socket.internal;

/**
 * What jextract did not take from the headers, written by hand and checked against C by the same generated assertions
 * as the rest (native/abi_check.c): {@code struct epoll_event}, whose layout depends on the machine, and what is in
 * headers that the bindings do not include or that are newer than they are.
 */
public final class HandWritten {

    /** The size of {@code struct epoll_event} and the offsets of its fields. */
    record EpollEvent(int size, int events, int data) {

        /** sys/epoll.h packs the struct on x86-64 alone, so that 32-bit programs share its layout. */
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

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;

    /** The index of the drop counter in what SO_MEMINFO returns (linux/sock_diag.h). */
    public static final int SK_MEMINFO_DROPS = 8;
    /** How many 32-bit words SO_MEMINFO returns. */
    public static final int SK_MEMINFO_VARS = 9;

    /** Of linux/in.h since Linux 6.3; the C library has it in no header yet. */
    public static final int IP_LOCAL_PORT_RANGE = 51;

    /** Of asm-generic/socket.h since Linux 6.14. */
    public static final int SO_RCVPRIORITY = 82;

    /** Of linux/in6.h; netinet/in.h leaves them out. */
    public static final int IPV6_FLOWINFO = 11;
    public static final int IPV6_FLOWINFO_SEND = 33;

    /** Of asm-generic/socket.h since Linux 6.13: the number of a transmit timestamp. */
    public static final int SCM_TS_OPT_ID = 81;

    private HandWritten() {}
}
