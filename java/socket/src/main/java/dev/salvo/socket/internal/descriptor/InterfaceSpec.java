package dev.salvo.socket.internal.descriptor;

import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Interfaces;
import dev.salvo.linux.SyscallException;
import java.net.Inet4Address;

/**
 * Parses text that denotes a network interface: its name, its index, one of its addresses, or the label of one.
 */
public final class InterfaceSpec {

    /** LOOPBACK_IFINDEX of include/net/flow.h: {@code lo} has it in every network namespace. */
    private static final int LOOPBACK_INDEX = 1;
    private static final Inet4Address ANY = (Inet4Address) AddressLiteral.unmapped(new byte[4]);
    private static final Inet4Address LOOPBACK = (Inet4Address) AddressLiteral.unmapped(new byte[]{127, 0, 0, 1});

    private InterfaceSpec() {}

    /**
     * The index of an interface in the calling thread's network namespace; 0 for an empty text and for {@code 0},
     * {@code 0.0.0.0} and {@code ::}.
     *
     * @throws IllegalArgumentException if the text is not a name, an index, an address or a label
     * @throws SyscallException ENODEV if there is no such interface, EMFILE if there are too many descriptors
     */
    public static int index(String spec) throws SyscallException {
        return index(new ThreadInterfaces(), spec);
    }

    /** As {@link #index(String)}, in the namespace of a socket, and without asking whether an index exists. */
    public static int indexFor(FileDescriptor socket, String spec) throws SyscallException {
        return isNumber(spec) ? Integer.parseInt(spec) : index(new SocketInterfaces(socket), spec);
    }

    /** As {@link #index(String)}, in the namespace of a socket. */
    public static int existingIndexFor(FileDescriptor socket, String spec) throws SyscallException {
        return index(new SocketInterfaces(socket), spec);
    }

    /**
     * The source address for datagrams to groups through an interface: the one in {@code spec}; without one 0.0.0.0, by
     * which the kernel chooses it for each datagram. But for a group it doesn't choose 127.0.0.1, which has host scope,
     * and would send from 0.0.0.0 as a rule (inet_select_addr of net/ipv4/devinet.c). So for the loopback interface it
     * is 127.0.0.1.
     */
    public static Inet4Address source(String spec, int index) {
        var given = AddressLiteral.parse(spec);
        if (given != null && AddressLiteral.unmapped(given) instanceof Inet4Address address) {
            return address;
        }
        return index == LOOPBACK_INDEX ? LOOPBACK : ANY;
    }

    private static int index(InterfaceTable table, String spec) throws SyscallException {
        var plain = AddressLiteral.withoutScope(spec);
        var bytes = AddressLiteral.parse(plain);
        if (bytes == null) {
            return spec.isEmpty() ? 0 : byNameOrIndex(table, spec, spec);
        }
        var address = AddressLiteral.unmapped(bytes);
        if (plain.length() == spec.length()) {
            return address.isAnyLocalAddress() ? 0 : table.byAddress(address, 0, spec);
        }
        if (address instanceof Inet4Address) {
            throw garbage(spec);
        }
        var scope = byNameOrIndex(table, spec.substring(plain.length() + 1), spec);
        return table.byAddress(address, scope, spec);
    }

    /** Whether the text is the index of an interface. */
    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    private static int byNameOrIndex(InterfaceTable table, String text, String spec) throws SyscallException {
        if (isNumber(text)) {
            var index = Integer.parseInt(text);
            if (index != 0) {
                table.requireIndex(index);
            }
            return index;
        }
        if (Interfaces.isName(text)) {
            return table.byName(text);
        }
        if (text.indexOf(':') > 0 && text.length() == spec.length()) {
            return table.byLabel(text);
        }
        throw garbage(spec);
    }

    static IllegalArgumentException garbage(String spec) {
        return new IllegalArgumentException("not the name, the index or an address of a network interface: " + spec);
    }
}
