package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.Interfaces;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.linux.SyscallException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket address: {@code sockaddr_in} or {@code sockaddr_in6}.
 *
 * <p>
 * {@link Datagram#source()} is a view, which changes when the cursor moves to the next datagram. It shows the address
 * that the kernel wrote, and no object is created for it. {@link #copy()} keeps the address. A view and a copy of the
 * same address are equal and have the same hash code, so a program can look up a copy in a map by a view, without
 * allocating. A view itself must not be a key of a map.
 *
 * <p>
 * An IPv4 address and its IPv4-mapped IPv6 form are two different addresses. The flow label is no part of the address
 * (RFC 3493, 3.3): addresses that differ in it alone are equal. An address that is not a view is immutable. Any thread
 * may use it if it was published safely: through a final or volatile field, a lock or a queue.
 */
public final class SockAddr extends NativeAddress {

    /** The largest label, and the bits of sin6_flowinfo that have it. */
    private static final int FLOW_LABELS = 0xfffff;

    private SockAddr() {}

    private SockAddr(byte[] address, int port, int scope) {
        super(address, port, scope);
    }

    private SockAddr(NativeAddress other) {
        super(other);
    }

    static SockAddr view() {
        return new SockAddr();
    }

    /** An immutable SockAddr that is equal to another address: the same object, if it is an immutable SockAddr. */
    static SockAddr of(NativeAddress address) {
        return address instanceof SockAddr own ? own.copy() : new SockAddr(address);
    }

    /** A destination as the layers below expect it: {@link Struct#NONE} stands for the peer of a connected socket. */
    static NativeAddress orNone(@Nullable SockAddr destination) {
        return destination == null ? Struct.NONE : destination;
    }

    /**
     * The address of an {@link InetSocketAddress}.
     *
     * @param address a resolved address
     * @return the same address; an Inet6Address keeps its scope id
     * @throws IllegalArgumentException if {@code address} is unresolved
     */
    public static SockAddr of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unresolved address: " + address);
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
        var scope = address instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0;
        return new SockAddr(address.getAddress(), port, scope);
    }

    /**
     * An address literal and a port. Names are never resolved.
     *
     * @param literal {@code 127.0.0.1}, {@code ::1}, {@code fe80::1%eth0} or {@code fe80::1%2}
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if {@code literal} is not an address, if the port is out of range, or if the
     *     interface after {@code %} does not exist
     * @throws UncheckedIOException EMFILE or ENFILE if there are too many descriptors to ask for the interface
     */
    public static SockAddr of(String literal, int port) {
        var plain = AddressLiteral.withoutScope(literal);
        var bytes = AddressLiteral.parse(plain);
        if (bytes == null || (bytes.length == 4 && plain.length() < literal.length())) {
            throw new IllegalArgumentException("not an IPv4 or IPv6 address: " + literal);
        }
        var scope = plain.length() < literal.length() ? scope(literal.substring(plain.length() + 1)) : 0;
        return new SockAddr(bytes, port, scope);
    }

    private static int scope(String nameOrIndex) {
        if (nameOrIndex.matches("[0-9]{1,9}")) {
            return Integer.parseInt(nameOrIndex);
        }
        var index = Interfaces.index(nameOrIndex);
        if (index == -Linux.ENODEV()) {
            throw new IllegalArgumentException("no network interface " + nameOrIndex);
        }
        if (index < 0) {
            throw new UncheckedIOException(new SyscallException("if_nametoindex", nameOrIndex, -index));
        }
        return index;
    }

    /**
     * The address of every host on the link, Twisted's {@code <broadcast>}. Sending to it needs SO_BROADCAST.
     *
     * @param port 0 to 65535
     * @return 255.255.255.255
     * @throws IllegalArgumentException if the port is out of range
     */
    public static SockAddr broadcast(int port) {
        return new SockAddr(new byte[]{-1, -1, -1, -1}, port, 0);
    }

    private SockAddr valid() {
        Struct.requireValid(this);
        return this;
    }

    /** {@return whether this is an IPv6 address; an IPv4-mapped address is one} */
    public boolean isIpv6() {
        return Struct.isIpv6(valid());
    }

    /** {@return whether this is an IPv4 address in IPv6 form, {@code ::ffff:a.b.c.d}} */
    public boolean isIpv4Mapped() {
        return Struct.isMapped(valid());
    }

    /**
     * The same address in IPv6 form: {@code ::ffff:a.b.c.d} for the IPv4 address {@code a.b.c.d}. A port on {@code ::}
     * reports IPv4 peers so.
     *
     * @return a new address, immutable; this address, if it is an IPv6 address
     */
    public SockAddr toIpv4Mapped() {
        if (isIpv6()) {
            return this;
        }
        var mapped = new SockAddr(this);
        Struct.map(mapped);
        return mapped;
    }

    /** {@return the port, 0 to 65535} */
    public int port() {
        return Struct.port(valid());
    }

    /**
     * The same IP address with another port.
     *
     * @param port 0 to 65535
     * @return a new address, immutable
     * @throws IllegalArgumentException if the port is out of range
     */
    public SockAddr withPort(int port) {
        var changed = new SockAddr(valid());
        Struct.setPort(changed, port);
        return changed;
    }

    /**
     * The same address with a flow label, for datagrams that are sent to it, or for a peer to connect to. The kernel
     * uses the label only if {@link dev.salvo.socket.option.Ipv6Options#FLOWINFO_SEND} is on.
     *
     * @param label 0 to 0xfffff (RFC 6437); 0 for none
     * @return a new address, immutable and equal to this one
     * @throws IllegalArgumentException if {@code label} is out of range, or if this is not an IPv6 address
     */
    public SockAddr withFlowLabel(int label) {
        if (!isIpv6() || label < 0 || label > FLOW_LABELS) {
            throw new IllegalArgumentException("not a flow label for " + this + ": " + label);
        }
        var changed = new SockAddr(valid());
        Struct.setFlowInfo(changed, Integer.reverseBytes(label));
        return changed;
    }

    /**
     * The flow label that datagrams to this address are sent with.
     *
     * @return 0 to 0xfffff; 0 if there is none, as of every {@link Datagram#source}: the kernel reports a received
     * label only in the control message of {@link dev.salvo.socket.option.Ipv6Options#FLOWINFO}
     */
    public int flowLabel() {
        return Integer.reverseBytes(Struct.flowInfo(valid())) & FLOW_LABELS;
    }

    /** {@return the scope id: the index of the interface that a link-local address belongs to; 0 if there is none} */
    public int scopeId() {
        return Struct.scope(valid());
    }

    /** {@return the bytes of the IP address: a new array of 4 or 16 bytes, in network order} */
    public byte[] address() {
        return Struct.bytes(valid());
    }

    /**
     * The IP address as text, without the port: {@code 127.0.0.1}, {@code fe80::1%2} or {@code ::ffff:127.0.0.1}.
     *
     * @return the text that RFC 5952 recommends, followed by {@code %} and the scope id if there is one;
     * {@link #of(String, int)} reads it back
     */
    public String host() {
        return Struct.host(valid());
    }

    /**
     * The IP address for the classes of java.net.
     *
     * @return a new address; an IPv6 address keeps its scope id, and an IPv4-mapped address stays an Inet6Address
     */
    public InetAddress inetAddress() {
        return Struct.inetAddress(valid());
    }

    /**
     * The same address for the classes of java.net.
     *
     * @return a new address, whose IP address is that of {@link #inetAddress}
     */
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(inetAddress(), port());
    }

    /** {@return whether this is a view, which may show another address later; {@link #copy} keeps the address} */
    public boolean isView() {
        return Struct.isView(this);
    }

    /**
     * Copies this address.
     *
     * @return an immutable address that is equal to this one: this object, if it is not a view
     */
    public SockAddr copy() {
        return isView() ? new SockAddr(valid()) : this;
    }
}
