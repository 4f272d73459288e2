package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.ip6_mtuinfo;
import dev.salvo.kernel.Layouts;
import java.lang.foreign.MemorySegment;
import java.net.SocketOption;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * One socket option: a row.
 *
 * @param <T> the type of its value
 * @param name its name in the kernel's headers
 * @param type the class of its value
 * @param level its level, for instance {@code SOL_SOCKET}
 * @param number its number in that level
 * @param codec how its value is laid out in memory
 */
public record SockOpt<T>(String name, Class<T> type, int level, int number, Codec<T> codec)
        implements
            SocketOption<T> {

    /**
     * How a value is laid out in memory.
     *
     * @param <T> the type of the value
     */
    public interface Codec<T> {

        /**
         * The size of the memory that getsockopt is given.
         *
         * @return bytes
         */
        int size();

        /**
         * Reads the value that getsockopt wrote.
         *
         * @param memory {@link #size()} bytes
         * @param length the length that the kernel returned: for nearly all options, how many bytes it wrote
         * @return the value
         */
        T read(MemorySegment memory, int length);

        /**
         * Writes a value for setsockopt.
         *
         * @param memory {@link #size()} bytes
         * @param value the value
         * @return the length to pass to setsockopt, in bytes
         */
        int write(MemorySegment memory, T value);

        /**
         * A codec of a struct, or of a number, that always takes the same number of bytes.
         *
         * @param size of the struct in bytes
         * @param read makes a value of the struct
         * @param write fills the struct, which is all zeros before
         * @param <T> the type of the value
         * @return the codec
         */
        static <T> Codec<T> of(long size, Function<MemorySegment, T> read, BiConsumer<MemorySegment, T> write) {
            return new Codec<>() {
                @Override
                public int size() {
                    return (int) size;
                }

                @Override
                public T read(MemorySegment memory, int length) {
                    return read.apply(memory);
                }

                @Override
                public int write(MemorySegment memory, T value) {
                    memory.asSlice(0, size).fill((byte) 0);
                    write.accept(memory, value);
                    return (int) size;
                }
            };
        }
    }

    static final Codec<Integer> INT = new Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Integer read(MemorySegment memory, int length) {
            // Some options return one byte if the value fits (ip(7) on IP_MULTICAST_TTL and similar ones).
            return length == 1 ? Byte.toUnsignedInt(memory.get(JAVA_BYTE, 0)) : memory.get(JAVA_INT_UNALIGNED, 0);
        }

        @Override
        public int write(MemorySegment memory, Integer value) {
            memory.set(JAVA_INT_UNALIGNED, 0, value);
            return Integer.BYTES;
        }
    };

    /** A codec of values that are a 32-bit number for the kernel. */
    static <T> Codec<T> codec(IntFunction<T> read, ToIntFunction<T> write) {
        return new Codec<>() {
            @Override
            public int size() {
                return Integer.BYTES;
            }

            @Override
            public T read(MemorySegment memory, int length) {
                return read.apply(INT.read(memory, length));
            }

            @Override
            public int write(MemorySegment memory, T value) {
                return INT.write(memory, write.applyAsInt(value));
            }
        };
    }

    private static final Codec<Boolean> BOOLEAN = codec(number -> number != 0, value -> value ? 1 : 0);

    static final Codec<Long> LONG = Codec.of(
            Long.BYTES,
            memory -> memory.get(JAVA_LONG_UNALIGNED, 0),
            (memory, value) -> memory.set(JAVA_LONG_UNALIGNED, 0, value));

    /** ip_sockglue.c and ipv6_sockglue.c apply ntohl to a value that is set, and htonl to a value that is read. */
    static final Codec<Integer> NETWORK_ORDER = codec(Integer::reverseBytes, Integer::reverseBytes);

    /** The name of an interface. A zero byte ends it, for the kernel and from it. */
    static final Codec<String> NAME = new Codec<>() {
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
                throw new IllegalArgumentException(
                        "an interface name has at most 15 bytes of UTF-8 and no zero byte: " + value);
            }
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
            memory.set(JAVA_BYTE, bytes.length, (byte) 0);
            return bytes.length + 1;
        }
    };

    /** The MTU of a struct ip6_mtuinfo. The option is read-only. */
    static final Codec<Integer> PATH_MTU = Codec.of(
            Layouts.IP6_MTUINFO,
            memory -> memory.get(JAVA_INT_UNALIGNED, ip6_mtuinfo.ip6m_mtu$offset()),
            (memory, value) -> memory.set(JAVA_INT_UNALIGNED, ip6_mtuinfo.ip6m_mtu$offset(), value));

    /**
     * An option whose value is an int.
     *
     * @param name its name in the kernel's headers
     * @param level its level
     * @param number its number in that level
     * @return the row
     */
    public static SockOpt<Integer> ofInt(String name, int level, int number) {
        return new SockOpt<>(name, Integer.class, level, number, INT);
    }

    /**
     * An option that is on or off; for the kernel it is an int of 1 or 0.
     *
     * @param name its name in the kernel's headers
     * @param level its level
     * @param number its number in that level
     * @return the row
     */
    public static SockOpt<Boolean> ofBoolean(String name, int level, int number) {
        return new SockOpt<>(name, Boolean.class, level, number, BOOLEAN);
    }

    @Override
    public String toString() {
        return name;
    }
}
