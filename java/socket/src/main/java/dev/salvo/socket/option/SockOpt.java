package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.SocketOption;

/**
 * One socket option.
 *
 * @param <T> the type of its value
 * @param name its name in the kernel's headers
 * @param type the class of its value
 * @param level its level, for instance {@code SOL_SOCKET}
 * @param number its number in that level
 * @param codec how its value lies in memory
 */
public record SockOpt<T>(String name, Class<T> type, int level, int number, Codec<T> codec)
        implements
            SocketOption<T> {

    /**
     * How a value lies in memory.
     *
     * @param <T> the type of the value
     */
    public interface Codec<T> {

        /**
         * The room that getsockopt is given.
         *
         * @return bytes
         */
        int size();

        /**
         * Reads what getsockopt wrote.
         *
         * @param memory {@link #size()} bytes
         * @param length how many of them the kernel wrote
         * @return the value
         */
        T read(MemorySegment memory, int length);

        /**
         * Writes a value for setsockopt.
         *
         * @param memory {@link #size()} bytes
         * @param value the value
         * @return how many bytes were written
         */
        int write(MemorySegment memory, T value);
    }

    static final Codec<Integer> INT = new Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Integer read(MemorySegment memory, int length) {
            // Some options answer with one byte where the value fits (ip(7) on IP_MULTICAST_TTL and its kin).
            return length == 1 ? Byte.toUnsignedInt(memory.get(JAVA_BYTE, 0)) : memory.get(JAVA_INT_UNALIGNED, 0);
        }

        @Override
        public int write(MemorySegment memory, Integer value) {
            memory.set(JAVA_INT_UNALIGNED, 0, value);
            return Integer.BYTES;
        }
    };

    private static final Codec<Boolean> BOOLEAN = new Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Boolean read(MemorySegment memory, int length) {
            return INT.read(memory, length) != 0;
        }

        @Override
        public int write(MemorySegment memory, Boolean value) {
            return INT.write(memory, value ? 1 : 0);
        }
    };

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
     * An option that is on or off, an int of 1 or 0 to the kernel.
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
