package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * What one datagram is sent with, other than the socket's own options say: source address and interface, traffic class,
 * hop limit, time of transmission, whether that is told; and whether the payload is several datagrams. What is not set
 * stays as the socket has it.
 *
 * <p>One object serves any number of datagrams, so that a server that answers each from another address allocates
 * nothing: its values are copied when a datagram is added. Ranges are checked here; what the kernel alone can refuse
 * shows as a {@link SendFailure} when the datagram is sent. The control messages are those of ip(7) and ipv6(7), of the
 * family of the destination: IPv4's for an IPv4-mapped one.
 *
 * <p>Datagrams to one destination share a message only if they have the same options, and those with a segment size, a
 * time of transmission or a transmit timestamp share none. The order for each destination is kept, so options that take
 * turns, datagram by datagram, leave nothing to join.
 *
 * <p>Mutable, and not thread-safe.
 */
public final class SendOptions {

    static final int SOURCE = 1;
    static final int INTERFACE = 1 << 1;
    static final int TRAFFIC_CLASS = 1 << 2;
    static final int HOP_LIMIT = 1 << 3;
    static final int TRANSMIT_TIME = 1 << 4;
    static final int SEGMENT_SIZE = 1 << 5;
    static final int TRANSMIT_TIMESTAMP = 1 << 6;

    private static final int MAX_SEGMENT = 65_535;

    /** Which of the fields below are set; all others are 0. */
    private int present;

    final SockAddr source = SockAddr.view();
    int sourceInterface;
    int trafficClass;
    int hopLimit;
    long transmitTime;
    int segmentSize;
    int timestampId;

    /** Options of which none is set. */
    public SendOptions() {}

    /**
     * Takes back all that was set.
     *
     * @return this
     */
    public SendOptions clear() {
        present = 0;
        source.invalidate();
        sourceInterface = 0;
        trafficClass = 0;
        hopLimit = 0;
        transmitTime = 0;
        segmentSize = 0;
        timestampId = 0;
        return this;
    }

    /**
     * The source address: IP_PKTINFO or IPV6_PKTINFO. The port stays the socket's.
     *
     * <p>An address that is not this host's fails: ENETUNREACH over IPv4 (ip_route_output_key_hash_rcu of
     * net/ipv4/route.c), EINVAL over IPv6 (ip6_datagram_send_ctl of net/ipv6/datagram.c).
     *
     * @param address of the destination's family, where an IPv4-mapped one is IPv4; its scope id is the interface
     *     unless {@link #sourceInterface} says another; its port is not looked at; the wildcard leaves the choice to
     *     the kernel. It is copied
     * @return this
     * @throws IllegalStateException if it is a view whose datagram is gone
     */
    public SendOptions source(SockAddr address) {
        source.load(address.requireValid());
        if (AddressBits.isWildcard(address)) {
            source.invalidate();
            return set(SOURCE, false);
        }
        return set(SOURCE, true);
    }

    /**
     * The interface that the datagram goes out by, to groups too: IP_PKTINFO or IPV6_PKTINFO. Fails with ENODEV if
     * there is no such interface. Where no route goes out by it, IPv4 takes the destination for a neighbour there
     * (ip_route_output_key_hash_rcu of net/ipv4/route.c), and IPv6 fails with ENETUNREACH. But over IPv6, where there
     * is a source address too, by {@link #source} or since the socket is bound to one, it is only preferred: if the
     * routes have none by it, the datagram goes by another interface (ip6_route_output_flags_noref of
     * net/ipv6/route.c). {@link dev.salvo.socket.option.SocketOptions#BINDTOIFINDEX} is strict.
     *
     * @param index its index; 0 leaves the choice to the routes
     * @return this
     * @throws IllegalArgumentException if {@code index} is negative
     */
    public SendOptions sourceInterface(int index) {
        sourceInterface = inRange("interface index", index, 0, Integer.MAX_VALUE);
        return set(INTERFACE, index != 0);
    }

    /**
     * Type of service or traffic class: IP_TOS or IPV6_TCLASS.
     *
     * @param value 0 to 255: DSCP in the upper six bits, ECN in the lower two
     * @return this
     * @throws IllegalArgumentException if {@code value} is out of range
     */
    public SendOptions trafficClass(int value) {
        trafficClass = inRange("traffic class", value, 0, 255);
        return set(TRAFFIC_CLASS, true);
    }

    /**
     * Time to live or hop limit, of unicast and of multicast datagrams: IP_TTL or IPV6_HOPLIMIT.
     *
     * @param hops 0 to 255; of 0, IPv4 fails with EINVAL (ip_cmsg_send of net/ipv4/ip_sockglue.c)
     * @return this
     * @throws IllegalArgumentException if {@code hops} is out of range
     */
    public SendOptions hopLimit(int hops) {
        hopLimit = inRange("hop limit", hops, 0, 255);
        return set(HOP_LIMIT, true);
    }

    /**
     * When the datagram is to leave: SCM_TXTIME. It fails with EINVAL unless the socket has
     * {@link dev.salvo.socket.option.SocketOptions#TXTIME} set (__sock_cmsg_send of net/core/sock.c). The time is kept
     * by a queueing discipline, tc-fq(8) or tc-etf(8); without one of them on the way the datagram leaves at once.
     *
     * @param nanoseconds above 0, by the clock that TXTIME was given: MONOTONIC for fq, which System.nanoTime is on
     *     Linux
     * @return this
     * @throws IllegalArgumentException if {@code nanoseconds} is not above 0, which is no time to the kernel
     */
    public SendOptions transmitTime(long nanoseconds) {
        if (nanoseconds <= 0) {
            throw new IllegalArgumentException("transmit time out of range: " + nanoseconds);
        }
        transmitTime = nanoseconds;
        return set(TRANSMIT_TIME, true);
    }

    /**
     * The payload is several datagrams, each of so many bytes but the last, which may be shorter: they travel as one
     * message with UDP_SEGMENT, and one by one where the kernel or the device can't. Each of them counts as a datagram
     * everywhere.
     *
     * @param bytes 1 to 65,535
     * @return this
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public SendOptions segmentSize(int bytes) {
        segmentSize = inRange("segment size", bytes, 1, MAX_SEGMENT);
        return set(SEGMENT_SIZE, true);
    }

    /**
     * Has the kernel tell when the datagram left: {@link UdpSocket#nextCompletion} gives one {@link TransmitTimestamp}
     * with this id (SO_TIMESTAMPING with SCM_TS_OPT_ID). It fails with EINVAL unless {@link TransmitTimestamp#enable}
     * was called for the socket. Of several datagrams of a {@link #segmentSize} one is stamped, the first
     * (__udp_gso_segment of net/ipv4/udp_offload.c), and all of them if they must go one by one; of a fragmented one
     * the first fragment.
     *
     * @param id any number; the same one comes back, and nothing else is told of the datagram
     * @return this
     */
    public SendOptions transmitTimestamp(int id) {
        timestampId = id;
        return set(TRANSMIT_TIMESTAMP, true);
    }

    private static int inRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " out of range: " + value);
        }
        return value;
    }

    private SendOptions set(int option, boolean on) {
        present = on ? present | option : present & ~option;
        return this;
    }

    /**
     * These options, to keep.
     *
     * @return new ones that are equal to these
     */
    public SendOptions copy() {
        return new SendOptions().load(this);
    }

    SendOptions load(SendOptions other) {
        present = other.present;
        source.load(other.source);
        sourceInterface = other.sourceInterface;
        trafficClass = other.trafficClass;
        hopLimit = other.hopLimit;
        transmitTime = other.transmitTime;
        segmentSize = other.segmentSize;
        timestampId = other.timestampId;
        return this;
    }

    boolean has(int options) {
        return (present & options) != 0;
    }

    boolean isEmpty() {
        return present == 0;
    }

    /** Whether there is more to tell the kernel than how to take the message apart. */
    boolean hasControl() {
        return has(~SEGMENT_SIZE);
    }

    /**
     * How many datagrams so many bytes become with these, checked as when they are added to a {@link SendBatch}.
     *
     * @param length of the payload, 0 or more
     * @param destination where to; null for the peer of a connected socket, whose family is not known here
     * @return 1 unless there is a segment size, else 1 to 64
     * @throws IllegalArgumentException as
     *     {@link SendBatch#add(java.lang.foreign.MemorySegment, long, int, SockAddr, SendOptions)}
     */
    public int datagrams(int length, @Nullable SockAddr destination) {
        requireFitting(length, destination == null ? SockAddr.NONE : destination);
        return datagrams(length);
    }

    int datagrams(int length) {
        return has(SEGMENT_SIZE) && length > segmentSize ? (length + segmentSize - 1) / segmentSize : 1;
    }

    /** Whether several datagrams that are added one by one may become one message with these. */
    boolean mayShare() {
        return !has(SEGMENT_SIZE | TRANSMIT_TIME | TRANSMIT_TIMESTAMP);
    }

    /** Throws unless so many bytes can go to a destination with these. */
    void requireFitting(int length, SockAddr destination) {
        SendBatch.requireLength(length);
        var datagrams = datagrams(length);
        if (datagrams > SendBatch.MAX_SEGMENTS || (datagrams > 1 && length > SendBatch.MAX_JOINED_BYTES)) {
            throw new IllegalArgumentException(
                    "at most 64 segments and 65,000 bytes: " + length + " by " + segmentSize);
        }
        if (has(SOURCE)
                && !AddressBits.isNone(destination)
                && AddressBits.isNativeIpv6(source) != AddressBits.isNativeIpv6(destination.requireValid())) {
            throw new IllegalArgumentException("source " + source + " is not of the family of " + destination);
        }
    }

    /** Equal if the same options are set to the same values. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SendOptions that
                && present == that.present
                && sourceInterface == that.sourceInterface
                && trafficClass == that.trafficClass
                && hopLimit == that.hopLimit
                && transmitTime == that.transmitTime
                && segmentSize == that.segmentSize
                && timestampId == that.timestampId
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        var hash = 31 * (31 * (31 * present + sourceInterface) + trafficClass) + hopLimit;
        hash = 31 * (31 * hash + Long.hashCode(transmitTime)) + segmentSize;
        return 31 * (31 * hash + timestampId) + source.hashCode();
    }

    /** {@return what is set, as {@code [trafficClass=184, hopLimit=1]}} */
    @Override
    public String toString() {
        var text = new StringBuilder();
        append(text, SOURCE, "source", source);
        append(text, INTERFACE, "sourceInterface", sourceInterface);
        append(text, TRAFFIC_CLASS, "trafficClass", trafficClass);
        append(text, HOP_LIMIT, "hopLimit", hopLimit);
        append(text, TRANSMIT_TIME, "transmitTime", transmitTime);
        append(text, SEGMENT_SIZE, "segmentSize", segmentSize);
        append(text, TRANSMIT_TIMESTAMP, "transmitTimestamp", timestampId);
        return text.insert(0, '[').append(']').toString();
    }

    private void append(StringBuilder text, int option, String name, Object value) {
        if (has(option)) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append('=').append(value);
        }
    }
}
