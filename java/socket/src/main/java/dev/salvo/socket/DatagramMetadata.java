package dev.salvo.socket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel told of a message beside its payload and source, as far as it was asked to: {@link Metadata#enable}.
 * All datagrams of a coalesced message have the same: the kernel joins none that differ in traffic class or hop limit,
 * and tells one time and one drop count for them.
 *
 * <p>What was not told is null, or -1, which no value is. Nothing that a control message can hold makes a method throw.
 *
 * <p>{@link Datagram#metadata()} is one object that moves on from message to message. Its methods throw
 * IllegalStateException once the batch has moved on to another message, is received into again or is closed, until it
 * is asked for again, and so do those of the addresses that it gave. {@link #copy()} keeps one, which any thread may
 * read that got it safely: through a queue, say, and not through a plain field.
 */
public final class DatagramMetadata {

    private static final int ABSENT = -1;

    /** What nothing was told of; never changed. */
    static final DatagramMetadata NONE = new DatagramMetadata(null);

    private final @Nullable ReceiveBatch batch;
    /** Views that show nothing where there is no address. */
    final SockAddr local = SockAddr.view();
    final SockAddr answer = SockAddr.view();

    int interfaceIndex;
    int trafficClass;
    int hopLimit;
    long receiveTime;
    long hardwareTime;
    long packetDrops;
    long newPacketDrops;
    int segmentSize;

    /** Empty; null for one that stays valid. */
    DatagramMetadata(@Nullable ReceiveBatch batch) {
        this.batch = batch;
        clear();
    }

    void clear() {
        local.invalidate();
        answer.invalidate();
        interfaceIndex = ABSENT;
        trafficClass = ABSENT;
        hopLimit = ABSENT;
        receiveTime = ABSENT;
        hardwareTime = ABSENT;
        packetDrops = ABSENT;
        newPacketDrops = ABSENT;
        segmentSize = ABSENT;
    }

    private DatagramMetadata valid() {
        if (batch != null) {
            batch.requireShown();
        }
        return this;
    }

    /**
     * Whether the kernel told it.
     *
     * @param what LOCAL_ADDRESS for {@link #localAddress}, and so on
     * @return false if it was not asked to, or has nothing to tell: no drops so far, no time of a network card
     * @throws IllegalStateException if the message is gone
     */
    public boolean has(Metadata what) {
        valid();
        return switch (what) {
            case LOCAL_ADDRESS -> local.head != 0;
            case TRAFFIC_CLASS -> trafficClass != ABSENT;
            case HOP_LIMIT -> hopLimit != ABSENT;
            case RECEIVE_TIME -> receiveTime != ABSENT;
            case HARDWARE_TIME -> hardwareTime != ABSENT;
            case PACKET_DROPS -> packetDrops != ABSENT;
        };
    }

    /**
     * The address that the datagram was sent to: the group or the broadcast address, if it was sent to one. It is in
     * the form of {@link Datagram#source()}, IPv4-mapped where that is, and has a scope id where it takes one.
     *
     * @return null if it was not told; else a view, valid as long as this, whose port is 0 unless IP_RECVORIGDSTADDR or
     * IPV6_RECVORIGDSTADDR is on, which tell the port too
     * @throws IllegalStateException if the message is gone
     */
    public @Nullable SockAddr localAddress() {
        return valid().local.head == 0 ? null : local;
    }

    /**
     * The address of this host that an answer should come from: for IPv4 what the kernel says (ipi_spec_dst of ip(7)),
     * which is {@link #localAddress()} unless that is a group or a broadcast address; for IPv6 {@link #localAddress()}
     * unless that is a group.
     *
     * @return null if it was not told, or if the datagram was sent to an IPv6 group; else a view, valid as long as
     * this, in the form of {@link Datagram#source()}, whose port is 0
     * @throws IllegalStateException if the message is gone
     */
    public @Nullable SockAddr answerAddress() {
        return valid().answer.head == 0 ? null : answer;
    }

    /**
     * The interface that the datagram came in by: loopback for what this host sent to itself over it.
     *
     * @return an index of if_nametoindex(3), from 1; -1 if it was not told. LOCAL_ADDRESS asks for it
     * @throws IllegalStateException if the message is gone
     */
    public int interfaceIndex() {
        return valid().interfaceIndex;
    }

    /**
     * The type of service of IPv4, the traffic class of IPv6, as it arrived: {@link #dscp} and {@link #ecn} together.
     *
     * @return 0 to 255; -1 if it was not told
     * @throws IllegalStateException if the message is gone
     */
    public int trafficClass() {
        return valid().trafficClass;
    }

    /**
     * The Differentiated Services codepoint (RFC 2474).
     *
     * @return 0 to 63; -1 if it was not told
     * @throws IllegalStateException if the message is gone
     */
    public int dscp() {
        return valid().trafficClass >> 2;
    }

    /**
     * Explicit Congestion Notification (RFC 3168).
     *
     * @return 0 for not ECN-capable, 1 for ECT(1), 2 for ECT(0), 3 for congestion experienced; -1 if it was not told
     * @throws IllegalStateException if the message is gone
     */
    public int ecn() {
        return valid().trafficClass == ABSENT ? ABSENT : trafficClass & 3;
    }

    /**
     * The time to live of IPv4, the hop limit of IPv6, as it arrived.
     *
     * @return 0 to 255; -1 if it was not told
     * @throws IllegalStateException if the message is gone
     */
    public int hopLimit() {
        return valid().hopLimit;
    }

    /**
     * When the kernel received it, by the wall clock, which may be set. What had arrived before the kernel was asked
     * has the time of its reading (__sock_recv_timestamp of net/socket.c).
     *
     * @return nanoseconds since 1970-01-01T00:00Z; -1 if it was not told
     * @throws IllegalStateException if the message is gone
     */
    public long receiveTime() {
        return valid().receiveTime;
    }

    /**
     * When the network card received it, by the card's clock, which is the wall clock's or TAI's only where something
     * sets it so.
     *
     * @return nanoseconds since the clock's zero; -1 if it was not told: see {@link Metadata#HARDWARE_TIME}
     * @throws IllegalStateException if the message is gone
     */
    public long hardwareTime() {
        return valid().hardwareTime;
    }

    /**
     * How many packets the socket had dropped in its life when this one was queued, most for want of room in its
     * receive buffer. The number wraps to 0 after 4,294,967,295. While GRO is on, a packet may have been many
     * datagrams.
     *
     * @return 1 to 4,294,967,295; -1 if it was not told, which it never is while it is 0 (SO_RXQ_OVFL of socket(7))
     * @throws IllegalStateException if the message is gone
     */
    public long packetDrops() {
        return valid().packetDrops;
    }

    /**
     * How many packets the socket dropped between the last message whose metadata was read and told drops, and this
     * one, wrapped numbers included: if there is no such message, all so far. To copy a datagram is not to read its
     * metadata: a sum over copies takes a call of {@link Datagram#metadata()} before each. It is the same for all
     * datagrams of a coalesced message, so that a sum counts it once for each message.
     *
     * @return 0 to 4,294,967,295; -1 where {@link #packetDrops} is
     * @throws IllegalStateException if the message is gone
     */
    public long newPacketDrops() {
        return valid().newPacketDrops;
    }

    /**
     * The length of the datagrams in a coalesced message, of which the last may be shorter.
     *
     * @return bytes, from 1; -1 if the datagram came alone
     * @throws IllegalStateException if the message is gone
     */
    public int segmentSize() {
        return valid().segmentSize;
    }

    /**
     * This, to keep.
     *
     * @return a new object that stays valid; itself, if it is a copy
     * @throws IllegalStateException if the message is gone
     */
    public DatagramMetadata copy() {
        valid();
        if (batch == null) {
            return this;
        }
        var copy = new DatagramMetadata(null);
        copy.local.load(local);
        copy.answer.load(answer);
        copy.interfaceIndex = interfaceIndex;
        copy.trafficClass = trafficClass;
        copy.hopLimit = hopLimit;
        copy.receiveTime = receiveTime;
        copy.hardwareTime = hardwareTime;
        copy.packetDrops = packetDrops;
        copy.newPacketDrops = newPacketDrops;
        copy.segmentSize = segmentSize;
        return copy;
    }

    /** {@return what was told, as text; it never throws} */
    @Override
    public String toString() {
        if (batch != null && !batch.shows()) {
            return "metadata (gone)";
        }
        var told = new ArrayList<String>();
        add(told, "to ", local.head == 0 ? null : local);
        add(told, "interface ", number(interfaceIndex));
        add(told, "traffic class ", number(trafficClass));
        add(told, "hop limit ", number(hopLimit));
        add(told, "time ", number(receiveTime));
        add(told, "hardware time ", number(hardwareTime));
        add(told, "drops ", number(packetDrops));
        add(told, "segment size ", number(segmentSize));
        return "metadata: " + (told.isEmpty() ? "none" : String.join(", ", told));
    }

    private static @Nullable Long number(long value) {
        return value == ABSENT ? null : value;
    }

    private static void add(List<String> told, String name, @Nullable Object value) {
        if (value != null) {
            told.add(name + value);
        }
    }
}
