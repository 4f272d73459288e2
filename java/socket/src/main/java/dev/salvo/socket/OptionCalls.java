package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.HandWritten;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** getsockopt and setsockopt on one descriptor, through memory that is allocated once unless a value is large. */
final class OptionCalls {

    /** Room for any option of UDP but the filters. */
    private static final int ROOM = 256;

    /** Room for a filter, of 4,096 instructions at the most, and more than any option has. */
    private static final int MOST = 65_536;

    private final FileDescriptor fd;
    private final MemorySegment value;
    private final MemorySegment length;

    OptionCalls(FileDescriptor fd, Arena arena) {
        this.fd = fd;
        value = arena.allocate(ROOM, Long.BYTES);
        length = arena.allocate(JAVA_INT);
    }

    <T> T get(SockOpt<T> option) throws SyscallException {
        var size = requireRoom(option.codec().size(), MOST);
        if (size <= ROOM) {
            return get(option, value, size);
        }
        try (var arena = Arena.ofConfined()) {
            return get(option, arena.allocate(size, Long.BYTES), size);
        }
    }

    private <T> T get(SockOpt<T> option, MemorySegment memory, int size) throws SyscallException {
        SyscallErrors.check("getsockopt", option, read(option.level(), option.number(), memory, size));
        return option.codec().read(memory, length.get(JAVA_INT, 0));
    }

    <T> void set(SockOpt<T> option, T newValue) throws SyscallException {
        var size = requireRoom(option.codec().size(), MOST);
        if (size <= ROOM) {
            set(option, newValue, value);
            return;
        }
        try (var arena = Arena.ofConfined()) {
            set(option, newValue, arena.allocate(size, Long.BYTES));
        }
    }

    private <T> void set(SockOpt<T> option, T newValue, MemorySegment memory) throws SyscallException {
        var size = requireRoom(option.codec().write(memory, newValue), (int) memory.byteSize());
        var result = fd.kernel().setsockopt(fd.number(), option.level(), option.number(), memory, size);
        SyscallErrors.check("setsockopt", option, result);
    }

    /** The kernel believes the length that it is given, so a codec's word is not enough. */
    private static int requireRoom(int size, int room) {
        if (size < 0 || size > room) {
            throw new IllegalArgumentException("an option value has at most " + room + " bytes, not " + size);
        }
        return size;
    }

    /** Whether the kernel knows the option. */
    boolean has(SockOpt<?> option) {
        return read(option.level(), option.number(), value, requireRoom(option.codec().size(), ROOM)) >= 0;
    }

    /** The value of an option, or {@code missing} where the kernel does not know it. */
    int getOr(SockOpt<Integer> option, int missing) {
        return has(option) ? option.codec().read(value, length.get(JAVA_INT, 0)) : missing;
    }

    /** The pending error of the socket, which this clears: an errno, or 0. */
    int takePendingError() {
        var error = SocketOptions.ERROR;
        var result = read(error.level(), error.number(), value, Integer.BYTES);
        return result < 0 ? -result : value.get(JAVA_INT, 0);
    }

    /** The packets that the kernel dropped for want of room, or -1. */
    long packetDrops() {
        var size = HandWritten.SK_MEMINFO_VARS * Integer.BYTES;
        if (read(Linux.SOL_SOCKET(), Linux.SO_MEMINFO(), value, size) < 0) {
            return -1;
        }
        return Integer.toUnsignedLong(value.getAtIndex(JAVA_INT, HandWritten.SK_MEMINFO_DROPS));
    }

    private int read(int level, int number, MemorySegment memory, int size) {
        length.set(JAVA_INT, 0, size);
        return fd.kernel().getsockopt(fd.number(), level, number, memory, length);
    }
}
