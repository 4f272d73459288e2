package dev.salvo.kernel;

import dev.salvo.bindings.Linux;
import java.lang.foreign.Arena;
import java.util.function.ToIntFunction;

/** The names and indexes of network interfaces. The indexes are the scopes of IPv6 addresses. */
public final class Interfaces {

    private Interfaces() {}

    /**
     * Whether an interface may have this name (dev_valid_name of net/core/dev.c). The C library would end a name at its
     * first 0, and the kernel at its first colon.
     */
    public static boolean isName(String text) {
        return text.matches("[^\\s/:%\\x00]{1,15}") && !text.matches("[.]{1,2}");
    }

    /** The index of an interface, or {@code -errno}: ENODEV if there is none of this name. */
    public static int index(String name) {
        return isName(name)
                ? call(arena -> Kernels.current().ifNametoindex(arena.allocateFrom(name)))
                : -Linux.ENODEV();
    }

    /** 0 if an interface has this index, or {@code -errno}: ENODEV if there is none. */
    public static int find(int index) {
        var result = call(arena -> Kernels.current().ifIndextoname(index, arena.allocate(Linux.IF_NAMESIZE())));
        return result == -Linux.ENXIO() ? -Linux.ENODEV() : result;
    }

    /**
     * The GNU C library opens a socket for these calls. If it can't, they fail with ENOENT for whatever reason
     * (sysdeps/unix/sysv/linux/opensock.c), so the reason is asked for.
     */
    private static int call(ToIntFunction<Arena> call) {
        try (var arena = Arena.ofConfined()) {
            var result = call.applyAsInt(arena);
            if (result != -Linux.ENOENT()) {
                return result;
            }
            var kernel = Kernels.current();
            var socket = kernel.socket(Linux.AF_INET(), Linux.SOCK_DGRAM() | Linux.SOCK_CLOEXEC(), 0);
            if (socket < 0) {
                return socket;
            }
            kernel.close(socket);
            return call.applyAsInt(arena);
        }
    }
}
