package dev.salvo.socket.internal;

import static dev.salvo.socket.internal.Downcall.word;

import java.lang.foreign.MemorySegment;

/** The downcalls of sys/mman.h, net/if.h and ifaddrs.h. */
final class MemoryCalls {

    private static final Downcall MMAP = Downcall.ofWords("mmap");
    private static final Downcall MUNMAP = Downcall.ofWords("munmap");
    private static final Downcall IF_NAMETOINDEX = Downcall.ofWords("if_nametoindex");
    private static final Downcall IF_INDEXTONAME = Downcall.ofWords("if_indextoname");
    private static final Downcall GETIFADDRS = Downcall.ofWords("getifaddrs");
    private static final Downcall FREEIFADDRS = Downcall.ofWords("freeifaddrs");

    private MemoryCalls() {}

    static long mmap(long length) {
        var protection = HandWritten.PROT_READ | HandWritten.PROT_WRITE;
        var flags = HandWritten.MAP_PRIVATE | HandWritten.MAP_ANONYMOUS | HandWritten.MAP_NORESERVE;
        // MAP_FAILED is (void *) -1, so a signed comparison tells it: user addresses are positive.
        return Downcall.result(
                MMAP.call(MemorySegment.NULL, word(length), word(protection), word(flags), word(-1), word(0)));
    }

    static int munmap(long address, long length) {
        return MUNMAP.callInt(word(address), word(length));
    }

    static int ifNametoindex(MemorySegment name) {
        var index = (int) IF_NAMETOINDEX.call(name);
        return index != 0 ? index : -Downcall.errno();
    }

    static int ifIndextoname(int index, MemorySegment name) {
        return IF_INDEXTONAME.call(word(index), name) != 0 ? 0 : -Downcall.errno();
    }

    static int getifaddrs(MemorySegment first) {
        return GETIFADDRS.callInt(first);
    }

    static void freeifaddrs(MemorySegment first) {
        FREEIFADDRS.call(first);
    }
}
