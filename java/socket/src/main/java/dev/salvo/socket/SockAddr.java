package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.AddressLiteral;
import dev.salvo.socket.internal.Interfaces;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A socket address of the kernel's: {@code sockaddr_in} or {@code sockaddr_in6}.
 *
 * <p>{@link Datagram#source()} is a view that moves on with the datagram: it is what the kernel wrote, without an
 * object made. {@link #copy()} keeps it. A view and a copy of the same address are equal and hash alike, so a view
 * finds its copy in a map without allocating. An IPv4 address and its IPv4-mapped IPv6 form are two addresses.
 *
 * <p>All but views are immutable, and may be handed to other threads by any means that publishes safely.
 */
public final class SockAddr {

    /** The bytes that either struct needs, rounded up for alignment. */
    static final int ROOM = 32;

    static final int IPV4_LENGTH = 16;
    static final int IPV6_LENGTH = Layouts.SOCKADDR_IN6;

    private static final long FIRST = Layouts.SIN6_ADDR;
    private static final long SECOND = FIRST + Long.BYTES;
    private static final long SCOPE = Layouts.SIN6_SCOPE_ID;
    private static final short AF_INET = (short) Linux.AF_INET();
    private static final short AF_INET6 = (short) Linux.AF_INET6();
    /** Peers choose their addresses: without a seed they could choose ones that collide. */
    private static final long SEED = new SplittableRandom().nextLong();

    /** The address of no one: datagrams for the peer of a connected socket have it. No family is 0xffff. */
    static final SockAddr NONE = new SockAddr(-1, 0, 0, 0);

    private static final SockAddr GONE = new SockAddr(0, 0, 0, 0);

    private final boolean view;
    /*
     * The struct's words as they lie in memory, on a little-endian machine:
     *
     * head family (16) | port, big-endian (16) | sin_addr or sin6_flowinfo (32) first 0 | sin6_addr, bytes 0 to 7
     * second 0 | sin6_addr, bytes 8 to 15 scope 0 | sin6_scope_id
     */
    long head;
    long first;
    long second;
    int scope;

    private SockAddr(boolean view) {
        this.view = view;
    }

    private SockAddr(long head, long first, long second, int scope) {
        this.view = false;
        this.head = head;
        this.first = first;
        this.second = second;
        this.scope = scope;
    }

    static SockAddr view() {
        return new SockAddr(true);
    }

    boolean isView() {
        return view;
    }

    static SockAddr read(MemorySegment memory, long offset) {
        var address = new SockAddr(false);
        address.load(memory, offset);
        return address;
    }

    /**
     * The address of a {@link InetSocketAddress}.
     *
     * @param address a resolved address
     * @return the same address; an Inet6Address keeps its scope id
     * @throws IllegalArgumentException if {@code address} is unresolved
     */
    public static SockAddr of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unresolved: " + address);
        }
        return of(address.getAddress(), address.getPort());
    }

    /**
     * An address and a port.
     *
     * @param address IPv4 or IPv6; an Inet6Address keeps its scope id
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if the port is out of range
     */
    public static SockAddr of(InetAddress address, int port) {
        return of(address.getAddress(), port, address instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0);
    }

    /**
     * An address literal and a port; no name is ever resolved.
     *
     * @param literal {@code 127.0.0.1}, {@code ::1}, {@code fe80::1%eth0} or {@code fe80::1%2}
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if it is no literal, if the port is out of range, or if the interface after
     *     {@code %} does not exist
     */
    public static SockAddr of(String literal, int port) {
        var plain = AddressLiteral.withoutScope(literal);
        var bytes = AddressLiteral.parse(plain);
        if (bytes == null || (bytes.length == 4 && plain.length() < literal.length())) {
            throw new IllegalArgumentException("not an IPv4 or IPv6 address: " + literal);
        }
        var scope = plain.length() < literal.length() ? Interfaces.index(literal.substring(plain.length() + 1)) : 0;
        return of(bytes, port, scope);
    }

    /**
     * The address of every host on the link, Twisted's {@code <broadcast>}. Sending to it takes SO_BROADCAST.
     *
     * @param port 0 to 65535
     * @return 255.255.255.255
     * @throws IllegalArgumentException if the port is out of range
     */
    public static SockAddr broadcast(int port) {
        return of(new byte[]{-1, -1, -1, -1}, port, 0);
    }

    private static SockAddr of(byte[] address, int port, int scope) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        var bytes = ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN);
        var swapped = (long) Short.toUnsignedInt(Short.reverseBytes((short) port)) << 16;
        return address.length == 4
                ? new SockAddr(AF_INET | swapped | (long) bytes.getInt(0) << 32, 0, 0, 0)
                : new SockAddr(AF_INET6 | swapped, bytes.getLong(0), bytes.getLong(8), scope);
    }

    /** Makes this view show the struct at {@code offset}. */
    void load(MemorySegment memory, long offset) {
        head = memory.get(JAVA_LONG_UNALIGNED, offset);
        if ((short) head == AF_INET6) {
            first = memory.get(JAVA_LONG_UNALIGNED, offset + FIRST);
            second = memory.get(JAVA_LONG_UNALIGNED, offset + SECOND);
            scope = memory.get(JAVA_INT_UNALIGNED, offset + SCOPE);
        } else {
            first = 0;
            second = 0;
            scope = 0;
        }
    }

    /** Makes this view show the same as another. */
    void load(SockAddr other) {
        head = other.head;
        first = other.first;
        second = other.second;
        scope = other.scope;
    }

    /** Makes this view show nothing: what it showed is gone. */
    void invalidate() {
        load(GONE);
    }

    /** Writes the struct, {@link #ROOM} bytes at the most, and returns its length: 0 where there is no address. */
    int store(MemorySegment memory, long offset) {
        if (head == NONE.head) {
            return 0;
        }
        memory.set(JAVA_LONG_UNALIGNED, offset, head);
        memory.set(JAVA_LONG_UNALIGNED, offset + FIRST, first);
        if ((short) head == AF_INET) {
            return IPV4_LENGTH;
        }
        memory.set(JAVA_LONG_UNALIGNED, offset + SECOND, second);
        memory.set(JAVA_INT_UNALIGNED, offset + SCOPE, scope);
        return IPV6_LENGTH;
    }

    SockAddr requireValid() {
        if (head == 0) {
            throw new IllegalStateException("this view's datagram is gone: copy() keeps an address");
        }
        return this;
    }

    /** {@return whether this is an IPv6 address, IPv4-mapped ones included} */
    public boolean isIpv6() {
        return (short) requireValid().head == AF_INET6;
    }

    /** {@return whether this is an IPv4 address in IPv6 form, {@code ::ffff:a.b.c.d}} */
    public boolean isIpv4Mapped() {
        return isIpv6() && first == 0 && (int) second == 0xffff_0000;
    }

    /** {@return the port, 0 to 65535} */
    public int port() {
        return Short.toUnsignedInt(Short.reverseBytes((short) (requireValid().head >>> 16)));
    }

    /**
     * The scope id: the index of the interface that a link-local address belongs to.
     *
     * @return 0 where there is none
     */
    public int scopeId() {
        return requireValid().scope;
    }

    /**
     * The bytes of the IP address.
     *
     * @return a new array of 4 or 16 bytes, in network order
     */
    public byte[] address() {
        var ipv6 = isIpv6();
        var bytes = ByteBuffer.allocate(ipv6 ? 16 : 4).order(ByteOrder.LITTLE_ENDIAN);
        if (ipv6) {
            bytes.putLong(first).putLong(second);
        } else {
            bytes.putInt((int) (head >>> 32));
        }
        return bytes.array();
    }

    /**
     * This address, to keep.
     *
     * @return an immutable address that is equal to this one: itself, if it is no view
     */
    public SockAddr copy() {
        return view ? new SockAddr(requireValid().head, first, second, scope) : this;
    }

    /**
     * The same address for the classes of java.net.
     *
     * @return a new address; an IPv6 one keeps its scope id, and an IPv4-mapped one stays an Inet6Address
     */
    public InetSocketAddress toInetSocketAddress() {
        try {
            var bytes = address();
            var address = bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope);
            return new InetSocketAddress(address, port());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SockAddr that
                && head == that.head
                && first == that.first
                && second == that.second
                && scope == that.scope;
    }

    @Override
    public int hashCode() {
        return SockAddrHash.of(head, first, second, scope, SEED);
    }

    /**
     * The address as text.
     *
     * @return {@code 127.0.0.1:9999}, {@code [::1]:9999} or {@code [fe80::1%2]:9999}
     */
    @Override
    public String toString() {
        if (head == 0 || head == NONE.head) {
            return head == 0 ? "(gone)" : "(none)";
        }
        // The first InetAddress of a JVM reads the configuration of its security.
        return isIpv6()
                ? "[" + toInetSocketAddress().getAddress().getHostAddress() + "]:" + port()
                : AddressLiteral.text(address()) + ":" + port();
    }
}
