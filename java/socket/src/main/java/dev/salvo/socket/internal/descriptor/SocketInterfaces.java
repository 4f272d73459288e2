package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The interfaces of the network namespace that a socket belongs to, which may be another than that of the process: a
 * socket keeps the namespace that it was opened in (netdevice(7); sock_ioctl of net/socket.c asks sock_net). The kernel
 * is asked on the socket itself.
 */
final class SocketInterfaces implements InterfaceTable {

    private final FileDescriptor fd;

    SocketInterfaces(FileDescriptor fd) {
        this.fd = fd;
    }

    @Override
    public int byName(String name) throws SyscallException {
        var bytes = name.getBytes(UTF_8);
        if (bytes.length >= Linux.IF_NAMESIZE()) {
            throw new SyscallException("ioctl", "SIOCGIFINDEX " + name, Linux.ENODEV());
        }
        try (var arena = Arena.ofConfined()) {
            var request = arena.allocate(LinuxExtras.IFREQ_SIZE, Long.BYTES);
            MemorySegment.copy(bytes, 0, request, JAVA_BYTE, LinuxExtras.IFREQ_NAME, bytes.length);
            var result = fd.kernel().ioctl(fd.number(), Linux.SIOCGIFINDEX(), request);
            SyscallErrors.check("ioctl", "SIOCGIFINDEX " + name, result);
            return request.get(JAVA_INT, LinuxExtras.IFREQ_VALUE);
        }
    }

    @Override
    public void requireIndex(int index) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var request = arena.allocate(LinuxExtras.IFREQ_SIZE, Long.BYTES);
            request.set(JAVA_INT, LinuxExtras.IFREQ_VALUE, index);
            var result = fd.kernel().ioctl(fd.number(), Linux.SIOCGIFNAME(), request);
            SyscallErrors.check("ioctl", "SIOCGIFNAME " + index, result);
        }
    }

    /** IPv6 addresses can be listed only in the namespace of the calling thread: no ioctl of a socket does it. */
    @Override
    public int byAddress(InetAddress address, int scope, String spec) throws SyscallException {
        if (address instanceof Inet4Address) {
            return byIpv4(address, spec);
        }
        if (NetworkNamespace.isForeign(fd)) {
            throw new SyscallException("getifaddrs", "for " + spec
                    + ": the socket is of another network namespace, whose IPv6 addresses can't be listed from here;"
                    + " give the interface by its name or index", Linux.EOPNOTSUPP());
        }
        return new ThreadInterfaces().byAddress(address, scope, spec);
    }

    @Override
    public int byLabel(String label) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var list = ipv4Addresses(arena);
            for (long at = 0; at < list.byteSize(); at += LinuxExtras.IFREQ_SIZE) {
                if (list.getString(at + LinuxExtras.IFREQ_NAME, UTF_8).equals(label)) {
                    return byName(label);
                }
            }
        }
        throw InterfaceSpec.garbage(label);
    }

    private int byIpv4(InetAddress address, String spec) throws SyscallException {
        try (var arena = Arena.ofConfined()) {
            var list = ipv4Addresses(arena);
            for (long at = 0; at < list.byteSize(); at += LinuxExtras.IFREQ_SIZE) {
                var ip = list.asSlice(at + LinuxExtras.IFREQ_VALUE + Layouts.SIN_ADDR, 4).toArray(JAVA_BYTE);
                if (AddressLiteral.unmapped(ip).equals(address)) {
                    // Or the label of the address: SIOCGIFINDEX takes that as well, up to its colon.
                    return byName(list.getString(at + LinuxExtras.IFREQ_NAME, UTF_8));
                }
            }
        }
        throw new SyscallException("ioctl", "SIOCGIFCONF " + spec, Linux.ENODEV());
    }

    /** The structs ifreq of all IPv4 addresses, each with the name of its interface or its label. */
    private MemorySegment ipv4Addresses(Arena arena) throws SyscallException {
        var request = arena.allocate(LinuxExtras.IFCONF_SIZE, Long.BYTES);
        for (int room = 64 * LinuxExtras.IFREQ_SIZE;; room *= 4) {
            var list = arena.allocate(room, Long.BYTES);
            request.set(JAVA_INT, LinuxExtras.IFCONF_LENGTH, room);
            request.set(ADDRESS, LinuxExtras.IFCONF_BUFFER, list);
            SyscallErrors.check("ioctl", "SIOCGIFCONF",
                    fd.kernel().ioctl(fd.number(), LinuxExtras.SIOCGIFCONF, request));
            var length = request.get(JAVA_INT, LinuxExtras.IFCONF_LENGTH);
            // A full list may have been cut short.
            if (length <= room - LinuxExtras.IFREQ_SIZE) {
                return list.asSlice(0, length);
            }
        }
    }

    /**
     * The indexes of all interfaces that can be found: those with an IPv4 address, and all of the thread's namespace.
     */
    Set<Integer> indexes() throws SyscallException {
        var names = new LinkedHashSet<String>();
        try (var arena = Arena.ofConfined()) {
            var list = ipv4Addresses(arena);
            for (long at = 0; at < list.byteSize(); at += LinuxExtras.IFREQ_SIZE) {
                names.add(list.getString(at + LinuxExtras.IFREQ_NAME, UTF_8));
            }
        }
        names.addAll(LocalAddresses.interfaceNames(fd.kernel()));
        var indexes = new LinkedHashSet<Integer>();
        for (var name : names) {
            try {
                indexes.add(byName(name));
            } catch (SyscallException e) {
                // It is gone, or is one of the thread's namespace alone.
            }
        }
        return indexes;
    }
}
