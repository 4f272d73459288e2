package dev.salvo.socket.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The environment as the C library has it, which exec passes on. What System.getenv tells is a copy that Java made
 * once, and knows of no unsetenv.
 */
public final class Environment {

    private Environment() {}

    /** The value of a variable, which is unset by that; null if it was not set. */
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
