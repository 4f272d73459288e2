package dev.salvo.socket;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.internal.send.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Options for one datagram, in place of those of the socket: source address and interface, traffic class, hop limit,
 * and transmit time. They can also ask for a transmit timestamp, and say that the payload holds several datagrams. What
 * is not set stays as the socket has it.
 *
 * <p>
 * One object serves any number of datagrams, because its values are copied when a datagram is added. So a server whose
 * replies leave from different addresses allocates nothing. The setters check ranges. An error that only the kernel can
 * find is reported as a {@link SendFailure} when the datagram is sent. The control messages are those of ip(7) and
 * ipv6(7), of the family of the destination; an IPv4-mapped destination is IPv4.
 *
 * <p>
 * Datagrams to one destination share a message only if they have the same options. A datagram with a segment size, a
 * transmit time or a transmit timestamp never shares a message. The order of the datagrams to each destination is kept,
 * so nothing can be joined if two sets of options alternate from datagram to datagram.
 *
 * <p>
 * Mutable, and not thread-safe.
 */
public final class SendOptions {

    private static final int MAX_SEGMENT = 65_535;

    private final SockAddr sourceAddress = SockAddr.view();
    final ControlOptions values = new ControlOptions(sourceAddress);

    /** Creates options of which none is set. */
    public SendOptions() {}

    /**
     * Resets all options, so that none is set.
     *
     * @return this
     */
    public SendOptions clear() {
        values.clear();
        return this;
    }

    /**
     * Sets the source address: IP_PKTINFO or IPV6_PKTINFO. The port stays the socket's.
     *
     * <p>
     * If the address is not one of this host, the datagram fails: with ENETUNREACH over IPv4
     * (ip_route_output_key_hash_rcu of net/ipv4/route.c), with EINVAL over IPv6 (ip6_datagram_send_ctl of
     * net/ipv6/datagram.c). It does not fail if the socket has {@link dev.salvo.socket.option.IpOptions#TRANSPARENT}
     * set. Over IPv6, {@link dev.salvo.socket.option.Ipv6Options#FREEBIND} or the sysctl net.ipv6.ip_nonlocal_bind is
     * enough, too.
     *
     * @param address an address of the destination's family, where an IPv4-mapped address is IPv4; it is copied. Its
     *     scope id is the interface unless {@link #sourceInterface} sets another. Its port is ignored. The wildcard
     *     address leaves the choice to the kernel
     * @return this
     * @throws IllegalStateException if it is a view whose datagram is gone
     */
    public SendOptions source(SockAddr address) {
        Struct.requireValid(address);
        var chosen = !Struct.isWildcard(address);
        Struct.load(sourceAddress, address);
        if (!chosen) {
            Struct.invalidate(sourceAddress);
        }
        return set(ControlOptions.SOURCE, chosen);
    }

    /**
     * Sets the interface by which the datagram is sent, to groups, too: IP_PKTINFO or IPV6_PKTINFO. The datagram fails
     * with ENODEV if there is no such interface.
     *
     * <p>
     * If no route uses the interface, IPv4 takes the destination for a neighbour on it (ip_route_output_key_hash_rcu of
     * net/ipv4/route.c), and over IPv6 the datagram fails with ENETUNREACH.
     *
     * <p>
     * But over IPv6 with a source address, either from {@link #source} or because the socket is bound to one, the
     * interface is only preferred: if no route uses it, the datagram is sent by another interface
     * (ip6_route_output_flags_noref of net/ipv6/route.c).
     * {@link dev.salvo.socket.option.SocketLevelOptions#BINDTOIFINDEX} is strict.
     *
     * @param index the index of the interface; 0 leaves the choice to the routes
     * @return this
     * @throws IllegalArgumentException if {@code index} is negative
     */
    public SendOptions sourceInterface(int index) {
        values.sourceInterface = inRange("interface index", index, 0, Integer.MAX_VALUE);
        return set(ControlOptions.INTERFACE, index != 0);
    }

    /**
     * Sets the type of service or traffic class: IP_TOS or IPV6_TCLASS.
     *
     * @param value 0 to 255: DSCP in the upper six bits, ECN in the lower two
     * @return this
     * @throws IllegalArgumentException if {@code value} is out of range
     */
    public SendOptions trafficClass(int value) {
        values.trafficClass = inRange("traffic class", value, 0, 255);
        return set(ControlOptions.TRAFFIC_CLASS, true);
    }

    /**
     * Sets the time to live or hop limit, of unicast and of multicast datagrams: IP_TTL or IPV6_HOPLIMIT.
     *
     * @param hops 0 to 255; over IPv4 a datagram with 0 fails with EINVAL (ip_cmsg_send of net/ipv4/ip_sockglue.c)
     * @return this
     * @throws IllegalArgumentException if {@code hops} is out of range
     */
    public SendOptions hopLimit(int hops) {
        values.hopLimit = inRange("hop limit", hops, 0, 255);
        return set(ControlOptions.HOP_LIMIT, true);
    }

    /**
     * Sets the time at which the datagram leaves: SCM_TXTIME. The datagram fails with EINVAL unless the socket has
     * {@link dev.salvo.socket.option.SocketLevelOptions#TXTIME} set (__sock_cmsg_send of net/core/sock.c). A queueing
     * discipline, tc-fq(8) or tc-etf(8), holds the datagram back until that time. Without such a discipline the
     * datagram leaves at once.
     *
     * @param nanoseconds above 0, by the clock that TXTIME was set to: for fq it is MONOTONIC, the clock of
     *     System.nanoTime on Linux
     * @return this
     * @throws IllegalArgumentException if {@code nanoseconds} is not above 0; for the kernel, 0 means that no time is
     *     set
     */
    public SendOptions transmitTime(long nanoseconds) {
        if (nanoseconds <= 0) {
            throw new IllegalArgumentException("transmit time out of range: " + nanoseconds);
        }
        values.transmitTime = nanoseconds;
        return set(ControlOptions.TRANSMIT_TIME, true);
    }

    /**
     * Says that the payload holds several datagrams of this length; the last one may be shorter. They are sent as one
     * message with UDP_SEGMENT, or one by one if the kernel or the device does not support that. Each of them counts as
     * a datagram everywhere.
     *
     * @param bytes 1 to 65,535
     * @return this
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public SendOptions segmentSize(int bytes) {
        values.segmentSize = inRange("segment size", bytes, 1, MAX_SEGMENT);
        return set(ControlOptions.SEGMENT_SIZE, true);
    }

    /**
     * Asks the kernel to report when the datagram leaves: {@link UdpSocket#nextTransmitTimestamp} returns one
     * {@link TransmitTimestamp} with this id (SO_TIMESTAMPING with SCM_TS_OPT_ID). The datagram fails with EINVAL
     * unless {@link TransmitTimestamp#enable} was called for the socket.
     *
     * <p>
     * If the payload holds several datagrams, by {@link #segmentSize}, only the first one is stamped (__udp_gso_segment
     * of net/ipv4/udp_offload.c). If they have to be sent one by one, all of them are stamped. Of a fragmented datagram
     * only the first fragment is stamped.
     *
     * @param id any number. The timestamp carries it, and nothing else identifies the datagram
     * @return this
     */
    public SendOptions transmitTimestamp(int id) {
        values.timestampId = id;
        return set(ControlOptions.TRANSMIT_TIMESTAMP, true);
    }

    private static int inRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " out of range: " + value);
        }
        return value;
    }

    private SendOptions set(int option, boolean on) {
        values.set(option, on);
        return this;
    }

    /**
     * Copies these options.
     *
     * @return new options that are equal to these
     */
    public SendOptions copy() {
        var copy = new SendOptions();
        copy.values.load(values);
        return copy;
    }

    /**
     * How many datagrams a payload becomes with these options. The arguments are checked as they are when a datagram is
     * added to a {@link SendBatch}.
     *
     * @param length the length of the payload in bytes, 0 or more
     * @param destination where to; null for the peer of a connected socket, whose family is not known here
     * @return 1 without a segment size, else 1 to 64
     * @throws IllegalArgumentException as
     *     {@link SendBatch#add(java.lang.foreign.MemorySegment, long, int, SockAddr, SendOptions)}
     */
    public int datagrams(int length, @Nullable SockAddr destination) {
        requireFitting(length, SockAddr.orNone(destination));
        return values.datagrams(length);
    }

    /** Throws unless a payload of this length can be sent to this destination with these options. */
    void requireFitting(int length, NativeAddress destination) {
        var datagrams = values.datagrams(length);
        if (length > Outbox.MAX_DATAGRAM || datagrams > Outbox.MAX_SEGMENTS
                || (datagrams > 1 && length > Outbox.MAX_JOINED_BYTES)) {
            throw new IllegalArgumentException(datagrams == 1
                    ? "a datagram has at most 65,535 bytes, not " + length
                    : "a message has at most 64 segments and 65,000 bytes, not " + length + " bytes in segments of "
                            + values.segmentSize);
        }
        if (values.has(ControlOptions.SOURCE) && !Struct.isNone(destination)) {
            Struct.requireValid(destination);
            if (Struct.isNativeIpv6(sourceAddress) != Struct.isNativeIpv6(destination)) {
                throw new IllegalArgumentException(
                        "source " + sourceAddress + " is not of the family of destination " + destination);
            }
        }
    }

    /** Equal if the same options are set to the same values. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SendOptions that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** {@return the options that are set, as {@code [trafficClass=184, hopLimit=1]}} */
    @Override
    public String toString() {
        var text = new StringBuilder();
        append(text, ControlOptions.SOURCE, "source", sourceAddress);
        append(text, ControlOptions.INTERFACE, "sourceInterface", values.sourceInterface);
        append(text, ControlOptions.TRAFFIC_CLASS, "trafficClass", values.trafficClass);
        append(text, ControlOptions.HOP_LIMIT, "hopLimit", values.hopLimit);
        append(text, ControlOptions.TRANSMIT_TIME, "transmitTime", values.transmitTime);
        append(text, ControlOptions.SEGMENT_SIZE, "segmentSize", values.segmentSize);
        append(text, ControlOptions.TRANSMIT_TIMESTAMP, "transmitTimestamp", values.timestampId);
        return text.insert(0, '[').append(']').toString();
    }

    private void append(StringBuilder text, int option, String name, Object value) {
        if (values.has(option)) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append('=').append(value);
        }
    }
}
