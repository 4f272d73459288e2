package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Calls getsockopt and setsockopt on one descriptor. The memory for values is allocated once, except for large values.
 */
public final class OptionCalls {

    /** Enough for every option of UDP except the filters. */
    private static final int ROOM = 256;

    /** Enough for a filter, which has at most 4,096 instructions, and more than any other option has. */
    private static final int MOST = 65_536;

    private final FileDescriptor fd;
    private final MemorySegment value;
    private final MemorySegment length;

    public OptionCalls(FileDescriptor fd, Arena arena) {
        this.fd = fd;
        value = arena.allocate(ROOM, Long.BYTES);
        length = arena.allocate(JAVA_INT);
    }

    public <T> T get(SockOpt<T> option) throws SyscallException {
        var size = requireRoom(option.codec().size(), MOST);
        try (var arena = size > ROOM ? Arena.ofConfined() : null) {
            var memory = arena == null ? value : arena.allocate(size, Long.BYTES);
            SyscallErrors.check("getsockopt", option, read(option.level(), option.number(), memory, size));
            return option.codec().read(memory, length.get(JAVA_INT, 0));
        }
    }

    public <T> void set(SockOpt<T> option, T newValue) throws SyscallException {
        var room = requireRoom(option.codec().size(), MOST);
        try (var arena = room > ROOM ? Arena.ofConfined() : null) {
            var memory = arena == null ? value : arena.allocate(room, Long.BYTES);
            var size = requireRoom(option.codec().write(memory, newValue), (int) memory.byteSize());
            var result = fd.kernel().setsockopt(fd.number(), option.level(), option.number(), memory, size);
            SyscallErrors.check("setsockopt", option, result);
        }
    }

    /** The length from a codec is checked, since the kernel trusts the length that it is given. */
    private static int requireRoom(int size, int room) {
        if (size < 0 || size > room) {
            throw new IllegalArgumentException("an option value must have 0 to " + room + " bytes, not " + size);
        }
        return size;
    }

    /** Whether the kernel supports the option. */
    public boolean has(SockOpt<?> option) {
        return read(option.level(), option.number(), value, requireRoom(option.codec().size(), ROOM)) >= 0;
    }

    /** Whether a flag is on; false if the kernel does not support it. */
    public boolean isOn(SockOpt<Boolean> option) {
        return has(option) && option.codec().read(value, length.get(JAVA_INT, 0));
    }

    /** The value of an option, or {@code missing} if the kernel does not support it. */
    public int getOr(SockOpt<Integer> option, int missing) {
        return has(option) ? option.codec().read(value, length.get(JAVA_INT, 0)) : missing;
    }

    /** Reads and clears the pending error of the socket: an errno, or 0; {@code -errno} if it can't be read. */
    public int takePendingError() {
        var error = SocketLevelOptions.ERROR;
        var result = read(error.level(), error.number(), value, Integer.BYTES);
        return result < 0 ? result : value.get(JAVA_INT, 0);
    }

    /** The socket's drop counter in the kernel, in packets: 32 bits, unsigned, which wrap; -1 if it can't be read. */
    public long packetDrops() {
        var size = LinuxExtras.SK_MEMINFO_VARS * Integer.BYTES;
        if (read(Linux.SOL_SOCKET(), Linux.SO_MEMINFO(), value, size) < 0) {
            return -1;
        }
        return Integer.toUnsignedLong(value.getAtIndex(JAVA_INT, LinuxExtras.SK_MEMINFO_DROPS));
    }

    private int read(int level, int number, MemorySegment memory, int size) {
        length.set(JAVA_INT, 0, size);
        return fd.kernel().getsockopt(fd.number(), level, number, memory, length);
    }
}
