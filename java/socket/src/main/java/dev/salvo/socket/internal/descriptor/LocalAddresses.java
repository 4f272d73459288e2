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
import java.util.List;

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
        try (var arena = Arena.ofConfined()) {
            var pointer = arena.allocate(ADDRESS);
            SyscallErrors.check("getifaddrs", kernel.getifaddrs(pointer));
            var first = pointer.get(ADDRESS, 0);
            try {
                return read(first);
            } finally {
                kernel.freeifaddrs(first);
            }
        }
    }

    @SuppressWarnings("restricted")
    private static List<LocalAddress> read(MemorySegment first) {
        var found = new ArrayList<LocalAddress>();
        for (var next = first; next.address() != 0;) {
            var entry = next.reinterpret(LinuxExtras.IFADDRS_SIZE);
            next = entry.get(ADDRESS, LinuxExtras.IFADDRS_NEXT);
            var address = entry.get(ADDRESS, LinuxExtras.IFADDRS_ADDR);
            // NULL for an interface without an address (getifaddrs(3)).
            var family = address.address() == 0 ? Linux.AF_UNSPEC() : address.reinterpret(2).get(JAVA_SHORT, 0);
            var name = entry.get(ADDRESS, LinuxExtras.IFADDRS_NAME).reinterpret(Linux.IF_NAMESIZE()).getString(0);
            if (family == Linux.AF_INET()) {
                var ip = address.reinterpret(Layouts.SOCKADDR_IN).asSlice(Layouts.SIN_ADDR, 4);
                found.add(new LocalAddress(name, AddressLiteral.unmapped(ip.toArray(JAVA_BYTE))));
            } else if (family == Linux.AF_INET6()) {
                var ip = address.reinterpret(Layouts.SOCKADDR_IN6).asSlice(Layouts.SIN6_ADDR, 16);
                found.add(new LocalAddress(name, AddressLiteral.unmapped(ip.toArray(JAVA_BYTE))));
            }
        }
        return found;
    }
}
