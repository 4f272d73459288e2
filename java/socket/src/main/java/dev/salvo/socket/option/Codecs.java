package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.ip6_mtuinfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How values lie in memory that are neither an int nor a type of their own. */
final class Codecs {

    static final SockOpt.Codec<Long> LONG = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return Long.BYTES;
        }

        @Override
        public Long read(MemorySegment memory, int length) {
            return memory.get(JAVA_LONG_UNALIGNED, 0);
        }

        @Override
        public int write(MemorySegment memory, Long value) {
            memory.set(JAVA_LONG_UNALIGNED, 0, value);
            return Long.BYTES;
        }
    };

    /** ip_sockglue.c and ipv6_sockglue.c pass what is set through ntohl, and what is read through htonl. */
    static final SockOpt.Codec<Integer> NETWORK_ORDER = new SockOpt.Codec<>() {
        private static final ValueLayout.OfInt NETWORK = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Integer read(MemorySegment memory, int length) {
            return memory.get(NETWORK, 0);
        }

        @Override
        public int write(MemorySegment memory, Integer value) {
            memory.set(NETWORK, 0, value);
            return Integer.BYTES;
        }
    };

    /** The name of an interface, which the kernel wants ended by a zero and gives so. */
    static final SockOpt.Codec<String> NAME = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return Linux.IFNAMSIZ();
        }

        @Override
        public String read(MemorySegment memory, int length) {
            return length == 0 ? "" : memory.getString(0, UTF_8);
        }

        @Override
        public int write(MemorySegment memory, String value) {
            var bytes = value.getBytes(UTF_8);
            if (bytes.length >= size() || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no name of an interface: " + value);
            }
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
            memory.set(JAVA_BYTE, bytes.length, (byte) 0);
            return bytes.length + 1;
        }
    };

    /** The MTU of a struct ip6_mtuinfo, which can only be read. */
    static final SockOpt.Codec<Integer> PATH_MTU = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return (int) ip6_mtuinfo.sizeof();
        }

        @Override
        public Integer read(MemorySegment memory, int length) {
            return memory.get(JAVA_INT_UNALIGNED, ip6_mtuinfo.ip6m_mtu$offset());
        }

        @Override
        public int write(MemorySegment memory, Integer value) {
            memory.asSlice(0, size()).fill((byte) 0);
            memory.set(JAVA_INT_UNALIGNED, ip6_mtuinfo.ip6m_mtu$offset(), value);
            return size();
        }
    };

    private Codecs() {}
}
