package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.bindings.ip_mreqn;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.Layouts;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;

/**
 * The value of IP_MULTICAST_IF: an interface, given by one of its addresses, by its index, or by both.
 *
 * <p>
 * If there is an index, the address is not looked up. It becomes the source address of what is sent by a socket that is
 * not bound to an address, and it is the value that the option reads as. Sending fails with ENETUNREACH once the
 * interface no longer has the address. If there is neither, 0.0.0.0 and 0, the routes choose the interface.
 *
 * @param address an address of the interface; 0.0.0.0 leaves the choice to the kernel, for each datagram anew
 * @param index the index of the interface; 0 for the interface that has the address. It always reads as 0, because the
 *     kernel returns only the address
 */
public record OutgoingInterface(Inet4Address address, int index) {

    static final SockOpt.Codec<OutgoingInterface> CODEC = SockOpt.Codec.of(
            Layouts.IP_MREQN, OutgoingInterface::read, (memory, value) -> value.write(memory));

    private static OutgoingInterface read(MemorySegment memory) {
        var bytes = memory.asSlice(0, 4).toArray(JAVA_BYTE);
        return new OutgoingInterface((Inet4Address) AddressLiteral.unmapped(bytes), 0);
    }

    private void write(MemorySegment memory) {
        MemorySegment.copy(address.getAddress(), 0, memory, JAVA_BYTE, ip_mreqn.imr_address$offset(), 4);
        memory.set(JAVA_INT_UNALIGNED, ip_mreqn.imr_ifindex$offset(), index);
    }
}
