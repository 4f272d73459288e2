package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A {@code sockaddr_in} or {@code sockaddr_in6}, as the words that a little-endian machine has in memory:
 *
 * <pre>
 * head    family (16 bits) | port, big-endian (16) | sin_addr, or 0 for IPv6 (32)
 * first   sin6_addr, bytes 0 to 7
 * second  sin6_addr, bytes 8 to 15
 * rest    sin6_scope_id (32 bits) | sin6_flowinfo (32)
 * </pre>
 *
 * <p>
 * The flow info is not a part of the identity (RFC 3493, 3.3). It is kept for sending.
 *
 * <p>
 * {@code SockAddr} extends this class, so that a caller's address is used directly, without a further object or load.
 * The methods that change an address, or read its words, are in {@link Struct}: as members of this class, they would be
 * members of the public {@code SockAddr}, too.
 */
public class NativeAddress {

    private static final short AF_INET = Layouts.AF_INET;
    private static final short AF_INET6 = Layouts.AF_INET6;
    /** The head of no address, since no family is 0xffff. */
    private static final long NO_ADDRESS = -1;
    /** The upper half of an IPv4-mapped address without the IPv4 address: 0, 0xffff. */
    private static final long MAPPED = 0xffff_0000L;
    /** The bits of {@link #head} that are the port. */
    private static final long PORT = 0xffff_0000L;
    private static final long FAMILY_AND_PORT = 0xffff_ffffL;
    /** The bits of {@link #rest} that are the scope. */
    private static final long SCOPE = 0xffff_ffffL;
    /** Peers choose their addresses. Without a seed they could choose ones whose hashes collide. */
    private static final long SEED = new SplittableRandom().nextLong();

    private final boolean view;
    private long head;
    private long first;
    private long second;
    private long rest;

    /** A view: it shows nothing yet, and may be loaded again and again. */
    public NativeAddress() {
        view = true;
    }

    /** A copy of what another address shows now. The copy never changes. */
    public NativeAddress(NativeAddress other) {
        view = false;
        Struct.load(this, other);
    }

    /**
     * An address of 4 or 16 bytes.
     *
     * @throws IllegalArgumentException if the port is out of range
     */
    protected NativeAddress(byte[] address, int port, int scopeId) {
        view = false;
        var bytes = ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN);
        head = withPort(address.length == 4 ? AF_INET | (long) bytes.getInt(0) << 32 : AF_INET6, port);
        if (address.length == 16) {
            first = bytes.getLong(0);
            second = bytes.getLong(8);
            rest = rest(scopeId, 0);
        }
    }

    private static long rest(int scope, int flowInfo) {
        return Integer.toUnsignedLong(scope) | (long) flowInfo << 32;
    }

    /** Throws IllegalArgumentException if the port is out of range. */
    private static long withPort(long head, int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        return (head & ~PORT) | Short.toUnsignedLong(Short.reverseBytes((short) port)) << 16;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof NativeAddress that
                && head == that.head
                && first == that.first
                && second == that.second
                && (int) rest == (int) that.rest;
    }

    @Override
    public final int hashCode() {
        return Struct.hash(head, first, second, (int) rest, SEED);
    }

    /**
     * The address as text.
     *
     * @return {@code 127.0.0.1:9999}, {@code [::1]:9999} or {@code [fe80::1%2]:9999}
     */
    @Override
    public String toString() {
        if (head == 0 || head == NO_ADDRESS) {
            return head == 0 ? "(gone)" : "(none)";
        }
        var host = Struct.host(this);
        return (Struct.isIpv6(this) ? "[" + host + "]" : host) + ":" + Struct.port(this);
    }

    /** Reads and changes the words of an address, and copies them from and to a struct in memory. */
    public static final class Struct {

        /** The bytes that either struct needs, rounded up for alignment. */
        public static final int ROOM = 32;

        /** No address: the destination of datagrams for the peer of a connected socket. */
        public static final NativeAddress NONE = none();

        private static final NativeAddress GONE = new NativeAddress();

        private Struct() {}

        private static NativeAddress none() {
            var none = new NativeAddress();
            none.head = NO_ADDRESS;
            return none;
        }

        /** Makes an address show the struct in memory. */
        public static void load(NativeAddress address, MemorySegment memory, long offset) {
            var head = memory.get(JAVA_LONG_UNALIGNED, offset);
            if ((short) head == AF_INET6) {
                address.head = head & FAMILY_AND_PORT;
                address.first = memory.get(JAVA_LONG_UNALIGNED, offset + Layouts.SIN6_ADDR);
                address.second = memory.get(JAVA_LONG_UNALIGNED, offset + Layouts.SIN6_ADDR + Long.BYTES);
                address.rest = rest(memory.get(JAVA_INT_UNALIGNED, offset + Layouts.SIN6_SCOPE_ID),
                        (int) (head >>> 32));
            } else {
                address.head = head;
                address.first = 0;
                address.second = 0;
                address.rest = 0;
            }
        }

        /** Makes an address show the same as another one. */
        public static void load(NativeAddress address, NativeAddress other) {
            address.head = other.head;
            address.first = other.first;
            address.second = other.second;
            address.rest = other.rest;
        }

        /** Makes an address show an IPv4 address and a port, both in network order. 0 is no address. */
        public static void loadIpv4(NativeAddress address, int ipv4, int port) {
            invalidate(address);
            if (ipv4 != 0) {
                address.head = AF_INET | Integer.toUnsignedLong(port) << 16 | (long) ipv4 << 32;
            }
        }

        /** Makes an address show an IPv4 address and a port, both in network order, in IPv6 form. 0 is no address. */
        public static void loadMapped(NativeAddress address, int ipv4, int port) {
            loadIpv6(address, 0, ipv4 == 0 ? 0 : MAPPED | (long) ipv4 << 32, port, 0);
        }

        /** Makes an address show the IPv6 form of the IPv4 address that it shows. */
        public static void map(NativeAddress address) {
            address.second = ipv6Second(address);
            address.head = AF_INET6 | (address.head & PORT);
        }

        /** Makes an address show an IPv6 address, as in memory, and a port in network order. 0 is no address. */
        public static void loadIpv6(NativeAddress address, long first, long second, int port, int scope) {
            invalidate(address);
            if ((first | second) != 0) {
                address.head = AF_INET6 | Integer.toUnsignedLong(port) << 16;
                address.first = first;
                address.second = second;
                address.rest = rest(scope, 0);
            }
        }

        /** A new address: 127.0.0.1 or ::1. */
        public static NativeAddress loopback(StandardProtocolFamily family, int port) {
            var literal = family == StandardProtocolFamily.INET6 ? "::1" : "127.0.0.1";
            return new NativeAddress(Objects.requireNonNull(AddressLiteral.parse(literal)), port, 0);
        }

        /** A new address that shows the struct in memory. */
        public static NativeAddress read(MemorySegment memory, long offset) {
            var address = new NativeAddress();
            load(address, memory, offset);
            return address;
        }

        /** Makes an address show nothing. */
        public static void invalidate(NativeAddress address) {
            load(address, GONE);
        }

        /** Whether an address may show another one later. */
        public static boolean isView(NativeAddress address) {
            return address.view;
        }

        /** Whether an address shows nothing. */
        public static boolean isGone(NativeAddress address) {
            return address.head == 0;
        }

        /** Throws IllegalStateException if an address shows nothing. */
        public static void requireValid(NativeAddress address) {
            if (address.head == 0) {
                throw new IllegalStateException("this view's datagram is gone: call copy() earlier to keep an address");
            }
        }

        /** Writes the struct, at most {@link #ROOM} bytes, and returns its length: 0 if there is no address. */
        public static int store(NativeAddress address, MemorySegment memory, long offset) {
            if (address.head == NO_ADDRESS) {
                return 0;
            }
            memory.set(JAVA_LONG_UNALIGNED, offset, address.head | (address.rest & ~SCOPE));
            memory.set(JAVA_LONG_UNALIGNED, offset + Layouts.SIN6_ADDR, address.first);
            if ((short) address.head == AF_INET) {
                return Layouts.SOCKADDR_IN;
            }
            memory.set(JAVA_LONG_UNALIGNED, offset + Layouts.SIN6_ADDR + Long.BYTES, address.second);
            memory.set(JAVA_INT_UNALIGNED, offset + Layouts.SIN6_SCOPE_ID, scope(address));
            return Layouts.SOCKADDR_IN6;
        }

        /** Whether the {@code length} bytes at {@code offset} are the whole struct of either family. */
        public static boolean isWhole(MemorySegment memory, long offset, long length) {
            if (length < Layouts.SOCKADDR_IN) {
                return false;
            }
            var family = (short) memory.get(JAVA_INT_UNALIGNED, offset);
            return family == AF_INET || (family == AF_INET6 && length >= Layouts.SOCKADDR_IN6);
        }

        public static boolean isNone(NativeAddress address) {
            return address.head == NO_ADDRESS;
        }

        public static boolean isWildcard(NativeAddress address) {
            return address.first == 0 && address.second == 0 && (isIpv6(address) || address.head >>> 32 == 0);
        }

        public static boolean isIpv6(NativeAddress address) {
            return (short) address.head == AF_INET6;
        }

        /** Whether it is an IPv4 address in IPv6 form. */
        public static boolean isMapped(NativeAddress address) {
            return isIpv6(address) && address.first == 0 && (int) address.second == (int) MAPPED;
        }

        /** Whether datagrams reach it over IPv6: an IPv4-mapped address is reached over IPv4. */
        public static boolean isNativeIpv6(NativeAddress address) {
            return isIpv6(address) && !isMapped(address);
        }

        /** 0 to 65535. */
        public static int port(NativeAddress address) {
            return Short.toUnsignedInt(Short.reverseBytes((short) (address.head >>> 16)));
        }

        public static void setPort(NativeAddress address, int port) {
            address.head = withPort(address.head, port);
        }

        public static int scope(NativeAddress address) {
            return (int) address.rest;
        }

        /** sin6_flowinfo as it lies in memory, big-endian. */
        public static int flowInfo(NativeAddress address) {
            return (int) (address.rest >>> 32);
        }

        public static void setFlowInfo(NativeAddress address, int flowInfo) {
            address.rest = rest(scope(address), flowInfo);
        }

        /** Whether the kernel would send to both in the same way: they are equal, and so is their flow info. */
        public static boolean isSame(NativeAddress one, NativeAddress other) {
            return one.head == other.head
                    && one.first == other.first
                    && one.second == other.second
                    && one.rest == other.rest;
        }

        /** The four bytes of an IPv4 or IPv4-mapped address, as they lie in memory. */
        public static int ipv4(NativeAddress address) {
            return (int) ((isIpv6(address) ? address.second : address.head) >>> 32);
        }

        /** The first eight bytes of an address in IPv6 form, as they lie in memory. */
        public static long ipv6First(NativeAddress address) {
            return address.first;
        }

        /** The last eight bytes of an address in IPv6 form, as they lie in memory. */
        public static long ipv6Second(NativeAddress address) {
            return isIpv6(address) ? address.second : MAPPED | (address.head & 0xffff_ffff_0000_0000L);
        }

        /** The bytes of the IP address: 4 or 16. */
        public static byte[] bytes(NativeAddress address) {
            var bytes = ByteBuffer.allocate(isIpv6(address) ? 16 : 4).order(ByteOrder.LITTLE_ENDIAN);
            return isIpv6(address)
                    ? bytes.putLong(address.first).putLong(address.second).array()
                    : bytes.putInt(ipv4(address)).array();
        }

        /** The IP address with its scope id; an IPv4-mapped one stays an Inet6Address. */
        public static InetAddress inetAddress(NativeAddress address) {
            try {
                return isIpv6(address)
                        ? Inet6Address.getByAddress(null, bytes(address), scope(address) == 0 ? -1 : scope(address))
                        : InetAddress.getByAddress(bytes(address));
            } catch (UnknownHostException e) {
                throw new AssertionError("4 or 16 bytes are always an address", e);
            }
        }

        /** The IP address as text, with its scope id. */
        public static String host(NativeAddress address) {
            // Not by InetAddress: the first one makes the JVM load its security configuration.
            var text = AddressLiteral.text(bytes(address));
            return scope(address) == 0 ? text : text + "%" + Integer.toUnsignedString(scope(address));
        }

        /**
         * A hash in which every bit depends on every bit of the address words and of the seed.
         *
         * @param seed any number, since the seed is not a factor: a factor with few bits set would leave the port out
         *     of the upper half of the product
         */
        static int hash(long head, long first, long second, int scope, long seed) {
            var mixed = mix(head ^ seed);
            if ((short) head == AF_INET6) {
                // Mixed after each word: after a single multiplication the next word could cancel a change of the top
                // bit.
                mixed = mix(mix(mixed ^ first) ^ second);
            }
            return (int) (mixed >>> 32) + scope;
        }

        /** The finalizer of SplitMix64: Stafford's 13th variant of MurmurHash3's. */
        private static long mix(long z) {
            z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
            z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
            return z ^ z >>> 31;
        }
    }
}
