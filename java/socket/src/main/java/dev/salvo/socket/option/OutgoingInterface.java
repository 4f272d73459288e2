package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.bindings.ip_mreqn;
import dev.salvo.socket.internal.AddressLiteral;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;

/**
 * The value of IP_MULTICAST_IF: an interface by one of its addresses, by its index, or by both.
 *
 * <p>With an index the address is not looked up: it becomes the source of what is sent by a socket that is bound to
 * none, and what the option reads as. Without either, 0.0.0.0 and 0, the routes choose.
 *
 * @param address an address of the interface; 0.0.0.0 for whichever the kernel takes
 * @param index the index of the interface; 0 for the one that has the address. Read, it is always 0: the kernel tells
 *     the address alone
 */
public record OutgoingInterface(Inet4Address address, int index) {

    static final SockOpt.Codec<OutgoingInterface> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return (int) ip_mreqn.sizeof();
        }

        @Override
        public OutgoingInterface read(MemorySegment memory, int length) {
            var bytes = memory.asSlice(0, 4).toArray(JAVA_BYTE);
            return new OutgoingInterface((Inet4Address) AddressLiteral.unmapped(bytes), 0);
        }

        @Override
        public int write(MemorySegment memory, OutgoingInterface value) {
            memory.asSlice(0, size()).fill((byte) 0);
            MemorySegment.copy(value.address.getAddress(), 0, memory, JAVA_BYTE, ip_mreqn.imr_address$offset(), 4);
            memory.set(JAVA_INT_UNALIGNED, ip_mreqn.imr_ifindex$offset(), value.index);
            return size();
        }
    };
}
