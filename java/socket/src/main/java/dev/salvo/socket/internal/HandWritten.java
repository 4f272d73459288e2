package dev.salvo.socket.internal;

/**
 * What jextract did not take from the headers, written by hand and checked against C by the same generated
 * assertions as the rest (native/abi_check.c): {@code struct epoll_event}, whose layout depends on the machine, and
 * constants of headers that the bindings do not include or that are newer than they are.
 */
public final class HandWritten {

    /** sys/epoll.h packs the struct on x86-64 alone, so that 32-bit programs share its layout. */
    private static final boolean EPOLL_PACKED = !System.getProperty("os.arch", "").equals("aarch64");

    public static final int EPOLL_EVENT_SIZE = EPOLL_PACKED ? 12 : 16;
    public static final int EPOLL_EVENT_EVENTS = 0;
    public static final int EPOLL_EVENT_DATA = EPOLL_PACKED ? 4 : 8;

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;

    /** The index of the drop counter in what SO_MEMINFO returns (linux/sock_diag.h). */
    public static final int SK_MEMINFO_DROPS = 8;
    /** How many 32-bit words SO_MEMINFO returns. */
    public static final int SK_MEMINFO_VARS = 9;

    private HandWritten() {}
}
