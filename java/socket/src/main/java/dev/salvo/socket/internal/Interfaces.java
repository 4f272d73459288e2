package dev.salvo.socket.internal;

import dev.salvo.bindings.Linux;
import java.lang.foreign.Arena;

/** Network interfaces by name and by index: the scopes of IPv6 addresses. */
public final class Interfaces {

    private Interfaces() {}

    /**
     * The index of an interface given by name, or by its index in digits.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static int index(String interfaceName) {
        if (interfaceName.matches("[0-9]{1,9}")) {
            return Integer.parseInt(interfaceName);
        }
        try (var arena = Arena.ofConfined()) {
            var index = Kernels.current().ifNametoindex(arena.allocateFrom(interfaceName));
            if (index < 0) {
                throw new IllegalArgumentException("no network interface " + interfaceName);
            }
            return index;
        }
    }

    /** The name of an interface, or its index in digits where it has none (any more). */
    public static String name(int index) {
        try (var arena = Arena.ofConfined()) {
            var name = arena.allocate(Linux.IF_NAMESIZE());
            return Kernels.current().ifIndextoname(index, name) < 0 ? Integer.toString(index) : name.getString(0);
        }
    }
}
