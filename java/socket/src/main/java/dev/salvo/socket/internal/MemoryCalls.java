package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls of sys/mman.h, net/if.h and ifaddrs.h. */
final class MemoryCalls {

    private static final Downcall MMAP = Downcall.of("mmap");
    private static final Downcall MUNMAP = Downcall.of("munmap");
    private static final Downcall IF_NAMETOINDEX = Downcall.ofPointer("if_nametoindex");
    private static final Downcall IF_INDEXTONAME = Downcall.of("if_indextoname");
    private static final Downcall GETIFADDRS = Downcall.ofPointer("getifaddrs");
    private static final Downcall FREEIFADDRS = Downcall.ofPointer("freeifaddrs");

    private MemoryCalls() {}

    static long mmap(long length) {
        var protection = HandWritten.PROT_READ | HandWritten.PROT_WRITE;
        var flags = HandWritten.MAP_PRIVATE | HandWritten.MAP_ANONYMOUS | HandWritten.MAP_NORESERVE;
        // MAP_FAILED is (void *) -1, so a signed comparison tells it: user addresses are positive. The offset is the
        // sixth argument, always 0.
        return Downcall.wideResult(MMAP.call(0, word(length), word(protection), word(flags), word(-1)));
    }

    static int munmap(long address, long length) {
        return Downcall.result(MUNMAP.call(address, word(length)));
    }

    static int ifNametoindex(MemorySegment name) {
        var index = (int) IF_NAMETOINDEX.callPointer(name);
        return index != 0 ? index : -Downcall.errno();
    }

    static int ifIndextoname(int index, MemorySegment name) {
        return IF_INDEXTONAME.call(index, name) != 0 ? 0 : -Downcall.errno();
    }

    static int getifaddrs(MemorySegment first) {
        return Downcall.result(GETIFADDRS.callPointer(first));
    }

    static void freeifaddrs(MemorySegment first) {
        FREEIFADDRS.callPointer(first);
    }
}
