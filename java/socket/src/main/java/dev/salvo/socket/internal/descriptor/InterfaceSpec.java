package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.Interfaces;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Parses text that denotes a network interface: its name, its index, one of its addresses, or the label of one.
 */
public final class InterfaceSpec {

    private InterfaceSpec() {}

    /**
     * The index of an interface; 0 for an empty text and for {@code 0}, {@code 0.0.0.0} and {@code ::}.
     *
     * @throws IllegalArgumentException if the text is not a name, an index, an address or a label
     * @throws SyscallException ENODEV if there is no such interface, EMFILE if there are too many descriptors
     */
    public static int index(String spec) throws SyscallException {
        var plain = AddressLiteral.withoutScope(spec);
        var bytes = AddressLiteral.parse(plain);
        if (bytes == null) {
            return spec.isEmpty() ? 0 : byNameOrIndex(spec, spec);
        }
        var address = AddressLiteral.unmapped(bytes);
        if (plain.length() == spec.length()) {
            return address.isAnyLocalAddress() ? 0 : byAddress(spec, address, 0);
        }
        if (address instanceof Inet4Address) {
            throw garbage(spec);
        }
        return byAddress(spec, address, byNameOrIndex(spec.substring(plain.length() + 1), spec));
    }

    /**
     * The IPv4 address in {@code spec}. If there is none, the first IPv4 address of the interface; if that has none,
     * 0.0.0.0.
     */
    public static Inet4Address ipv4Address(String spec, int index) throws SyscallException {
        var given = AddressLiteral.parse(spec);
        if (given != null && AddressLiteral.unmapped(given) instanceof Inet4Address address) {
            return address;
        }
        if (index != 0) {
            for (var local : LocalAddresses.all(Kernels.current())) {
                if (local.address() instanceof Inet4Address address && byName(local.interfaceName()) == index) {
                    return address;
                }
            }
        }
        return (Inet4Address) AddressLiteral.unmapped(new byte[4]);
    }

    private static int byAddress(String spec, InetAddress address, int scope) throws SyscallException {
        for (var local : LocalAddresses.all(Kernels.current())) {
            if (local.address().equals(address)) {
                var index = byName(local.interfaceName());
                if (scope == 0 || scope == index) {
                    return index;
                }
            }
        }
        throw new SyscallException("getifaddrs", spec, Linux.ENODEV());
    }

    private static int byNameOrIndex(String text, String spec) throws SyscallException {
        if (text.matches("[0-9]{1,9}")) {
            var index = Integer.parseInt(text);
            return index == 0 ? 0 : requireKnown(index);
        }
        return Interfaces.isName(text) ? byName(text) : byLabel(text, spec);
    }

    private static int byName(String name) throws SyscallException {
        return SyscallErrors.check("if_nametoindex", name, Interfaces.index(name));
    }

    /** The interface of an IPv4 address with this label, {@code eth0:1} (address labels of ip-address(8)). */
    private static int byLabel(String label, String spec) throws SyscallException {
        if (label.indexOf(':') > 0) {
            for (var local : LocalAddresses.all(Kernels.current())) {
                if (local.label().equals(label)) {
                    return byName(local.interfaceName());
                }
            }
        }
        throw garbage(spec);
    }

    private static int requireKnown(int index) throws SyscallException {
        SyscallErrors.check("if_indextoname", index, Interfaces.find(index));
        return index;
    }

    private static IllegalArgumentException garbage(String spec) {
        return new IllegalArgumentException("not the name, the index or an address of a network interface: " + spec);
    }
}
