package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The addresses of this host's interfaces, in the network namespace of the calling thread. Each call asks the kernel.
 * java.net.NetworkInterface reads IPv6 addresses from /proc/net, which shows the namespace of the process's first
 * thread (proc_pid_net(5)).
 */
public final class LocalAddresses {

    /**
     * One address of one interface.
     *
     * @param label the name of the interface, or the label of an IPv4 address that has one, {@code eth0:1}
     * @param address IPv4, or IPv6 without its scope
     */
    public record LocalAddress(String label, InetAddress address) {

        /** The kernel lets no interface have a colon in its name. */
        public String interfaceName() {
            var colon = label.indexOf(':');
            return colon < 0 ? label : label.substring(0, colon);
        }
    }

    private LocalAddresses() {}

    /** All IPv4 and IPv6 addresses, in the kernel's order. */
    public static List<LocalAddress> all(Kernel kernel) throws SyscallException {
        var found = new ArrayList<LocalAddress>();
        forEach(kernel, (name, address) -> {
            var family = address.address() == 0 ? Linux.AF_UNSPEC() : room(address, 2).get(JAVA_SHORT, 0);
            if (family == Linux.AF_INET()) {
                var ip = room(address, Layouts.SOCKADDR_IN).asSlice(Layouts.SIN_ADDR, 4);
                found.add(new LocalAddress(name, AddressLiteral.unmapped(ip.toArray(JAVA_BYTE))));
            } else if (family == Linux.AF_INET6()) {
                var ip = room(address, Layouts.SOCKADDR_IN6).asSlice(Layouts.SIN6_ADDR, 16);
                found.add(new LocalAddress(name, AddressLiteral.unmapped(ip.toArray(JAVA_BYTE))));
            }
        });
        return found;
    }

    /** The names of all interfaces, and the labels of their addresses. */
    static Set<String> interfaceNames(Kernel kernel) throws SyscallException {
        var names = new LinkedHashSet<String>();
        forEach(kernel, (name, address) -> names.add(name));
        return names;
    }

    /**
     * Passes the name and the address of each entry. The address is NULL for an interface without one (getifaddrs(3)).
     */
    private static void forEach(Kernel kernel, BiConsumer<String, MemorySegment> entries) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var pointer = arena.allocate(ADDRESS);
            SyscallErrors.check("getifaddrs", kernel.getifaddrs(pointer));
            var first = pointer.get(ADDRESS, 0);
            try {
                for (var next = first; next.address() != 0;) {
                    var entry = room(next, LinuxExtras.IFADDRS_SIZE);
                    next = entry.get(ADDRESS, LinuxExtras.IFADDRS_NEXT);
                    var name = room(entry.get(ADDRESS, LinuxExtras.IFADDRS_NAME), Linux.IF_NAMESIZE()).getString(0);
                    entries.accept(name, entry.get(ADDRESS, LinuxExtras.IFADDRS_ADDR));
                }
            } finally {
                kernel.freeifaddrs(first);
            }
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment room(MemorySegment pointer, long size) {
        return pointer.reinterpret(size);
    }
}
