package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sockaddr_in;
import dev.salvo.bindings.sockaddr_in6;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads and writes sockaddr_in and sockaddr_in6 with code of its own, independent of the code under test. */
final class AddressMemory {

    private AddressMemory() {}

    static SockAddr read(MemorySegment memory) {
        var family = memory.get(JAVA_SHORT_UNALIGNED, 0);
        var portInNetworkOrder = memory.get(JAVA_SHORT_UNALIGNED, sockaddr_in.sin_port$offset());
        var port = Short.toUnsignedInt(Short.reverseBytes(portInNetworkOrder));
        try {
            if (family == Linux.AF_INET()) {
                requireLength(memory, sockaddr_in.sizeof());
                var bytes = memory.asSlice(sockaddr_in.sin_addr$offset(), 4).toArray(JAVA_BYTE);
                return SockAddr.of(InetAddress.getByAddress(bytes), port);
            }
            if (family == Linux.AF_INET6()) {
                requireLength(memory, sockaddr_in6.sizeof());
                var bytes = memory.asSlice(sockaddr_in6.sin6_addr$offset(), 16).toArray(JAVA_BYTE);
                var scope = memory.get(JAVA_INT_UNALIGNED, sockaddr_in6.sin6_scope_id$offset());
                return SockAddr.of(Inet6Address.getByAddress(null, bytes, scope), port);
            }
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
        throw new AssertionError("unknown address family " + family);
    }

    private static void requireLength(MemorySegment memory, long length) {
        if (memory.byteSize() != length) {
            throw new AssertionError("msg_namelen is " + memory.byteSize() + ", the address needs " + length);
        }
    }

    /** Writes as much of the address as fits and returns its whole length. */
    static int write(SockAddr address, MemorySegment memory) {
        var ipv6 = address.isIpv6();
        var whole = new byte[(int) (ipv6 ? sockaddr_in6.sizeof() : sockaddr_in.sizeof())];
        var struct = MemorySegment.ofArray(whole);
        struct.set(JAVA_SHORT_UNALIGNED, 0, (short) (ipv6 ? Linux.AF_INET6() : Linux.AF_INET()));
        struct.set(JAVA_SHORT_UNALIGNED, sockaddr_in.sin_port$offset(), Short.reverseBytes((short) address.port()));
        var bytes = MemorySegment.ofArray(address.address());
        struct.asSlice(ipv6 ? sockaddr_in6.sin6_addr$offset() : sockaddr_in.sin_addr$offset()).copyFrom(bytes);
        if (ipv6) {
            struct.set(JAVA_INT_UNALIGNED, sockaddr_in6.sin6_scope_id$offset(), address.scopeId());
        }
        MemorySegment.copy(struct, 0, memory, 0, Math.min(whole.length, memory.byteSize()));
        return whole.length;
    }
}
