package dev.salvo.kernel;

import java.lang.foreign.Arena;

/** The indexes of network interfaces, which are the scopes of IPv6 addresses. */
public final class Interfaces {

    private Interfaces() {}

    /** The index of an interface, or {@code -errno}. */
    public static int index(String interfaceName) {
        try (var arena = Arena.ofConfined()) {
            return Kernels.current().ifNametoindex(arena.allocateFrom(interfaceName));
        }
    }
}
