package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The downcalls of sys/mman.h, net/if.h and ifaddrs.h. */
final class MemoryCalls {

    private static final MethodHandle MMAP = Downcalls.handle(
            "mmap",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Downcalls.handle("munmap",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle IF_NAMETOINDEX = Downcalls.handle("if_nametoindex",
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle IF_INDEXTONAME = Downcalls.handle("if_indextoname",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS));
    private static final MethodHandle GETIFADDRS = Downcalls.handle("getifaddrs",
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle FREEIFADDRS = Downcalls.handle("freeifaddrs", FunctionDescriptor.ofVoid(ADDRESS));

    private MemoryCalls() {}

    static long mmap(long length) {
        try {
            var state = Downcalls.state();
            var protection = HandWritten.PROT_READ | HandWritten.PROT_WRITE;
            var flags = HandWritten.MAP_PRIVATE | HandWritten.MAP_ANONYMOUS | HandWritten.MAP_NORESERVE;
            // MAP_FAILED is (void *) -1, so a signed comparison tells it: user addresses are positive.
            return Downcalls.result(
                    (long) MMAP.invokeExact(state, MemorySegment.NULL, length, protection, flags, -1, 0L), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int munmap(long address, long length) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) MUNMAP.invokeExact(state, address, length), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int ifNametoindex(MemorySegment name) {
        try {
            var state = Downcalls.state();
            var index = (int) IF_NAMETOINDEX.invokeExact(state, name);
            return index != 0 ? index : -Downcalls.errno(state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int ifIndextoname(int index, MemorySegment name) {
        try {
            var state = Downcalls.state();
            var returned = (long) IF_INDEXTONAME.invokeExact(state, index, name);
            return returned != 0 ? 0 : -Downcalls.errno(state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static int getifaddrs(MemorySegment first) {
        try {
            var state = Downcalls.state();
            return Downcalls.result((int) GETIFADDRS.invokeExact(state, first), state);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    static void freeifaddrs(MemorySegment first) {
        try {
            FREEIFADDRS.invokeExact(Downcalls.state(), first);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }
}
