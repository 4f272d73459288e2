package dev.salvo.socket.internal.unix;

import dev.salvo.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The environment of the C library, which exec passes on. System.getenv returns a copy that Java made once, and that
 * unsetenv does not change.
 */
public final class Environment {

    private Environment() {}

    /** Unsets a variable, and returns the value that it had; null if it was not set. */
    public static @Nullable String take(Kernel kernel, String name) {
        try (var arena = Arena.ofConfined()) {
            var nameInC = arena.allocateFrom(name);
            var address = kernel.getenv(nameInC);
            var value = address == 0 ? null : text(address);
            kernel.unsetenv(nameInC);
            return value;
        }
    }

    @SuppressWarnings("restricted")
    private static String text(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }
}
