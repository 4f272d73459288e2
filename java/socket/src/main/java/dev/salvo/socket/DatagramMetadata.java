package dev.salvo.socket;

import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.internal.control.MetadataFields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel reported about a received message beside its payload and source. It reports only the values that the
 * socket asks for: see {@link Metadata#enable}. All datagrams of a coalesced message have the same metadata, because
 * the kernel does not coalesce datagrams that differ in traffic class or hop limit, and reports one time and one drop
 * count for the message.
 *
 * <p>
 * A value that was not reported is null or -1; no reported value is -1. No control message makes a method of this class
 * throw, whatever it contains.
 *
 * <p>
 * {@link Datagram#metadata()} returns one object that moves on from message to message. Once the batch has moved on to
 * another message, has received again or was closed, the message is gone: the methods of this object, and of the
 * addresses that it returned, throw IllegalStateException until {@link Datagram#metadata()} is called again.
 * {@link #copy()} keeps the metadata. Any thread may read a copy that reached it by safe publication: through a queue,
 * for instance, but not through a plain field.
 */
public final class DatagramMetadata {

    /** The metadata of a datagram that has none. It never changes. */
    static final DatagramMetadata NONE = new DatagramMetadata(null);

    /** Null for metadata that stays valid. */
    private final @Nullable ReceiveBatch batch;
    private final SockAddr local = SockAddr.view();
    private final SockAddr answer = SockAddr.view();
    final MetadataFields fields = new MetadataFields(local, answer);

    DatagramMetadata(@Nullable ReceiveBatch batch) {
        this.batch = batch;
    }

    /**
     * Metadata that no kernel reported, for tests of code that reads some: none at first, and each of the methods below
     * returns a copy with one value more.
     *
     * @return metadata without a value, which stays valid
     */
    public static DatagramMetadata none() {
        return NONE;
    }

    private DatagramMetadata with(Consumer<MetadataFields> change) {
        var changed = new DatagramMetadata(null);
        changed.fields.load(valid());
        change.accept(changed.fields);
        return changed;
    }

    /**
     * Returns a copy with other addresses.
     *
     * @param local what {@link #localAddress} returns from it
     * @param answer what {@link #answerAddress} returns from it
     * @param interfaceIndex what {@link #interfaceIndex} returns from it, from 1
     * @return the copy
     */
    public DatagramMetadata withLocal(SockAddr local, SockAddr answer, int interfaceIndex) {
        return with(copy -> {
            Struct.load(copy.local, local);
            Struct.load(copy.answer, answer);
            copy.interfaceIndex = interfaceIndex;
        });
    }

    /**
     * Returns a copy with another traffic class.
     *
     * @param trafficClass 0 to 255: the DSCP and the two bits of ECN
     * @return the copy
     */
    public DatagramMetadata withTrafficClass(int trafficClass) {
        return with(copy -> copy.trafficClass = trafficClass);
    }

    /**
     * Returns a copy with another TTL or hop limit.
     *
     * @param hopLimit 0 to 255
     * @return the copy
     */
    public DatagramMetadata withHopLimit(int hopLimit) {
        return with(copy -> copy.hopLimit = hopLimit);
    }

    /**
     * Returns a copy with another time of receipt.
     *
     * @param nanos since 1970-01-01T00:00Z
     * @return the copy
     */
    public DatagramMetadata withReceiveTime(long nanos) {
        return with(copy -> copy.receiveTime = nanos);
    }

    /**
     * Returns a copy with other counts of drops.
     *
     * @param all what {@link #packetDrops} returns from it
     * @param fresh what {@link #newPacketDrops} returns from it
     * @return the copy
     */
    public DatagramMetadata withPacketDrops(long all, long fresh) {
        return with(copy -> {
            copy.packetDrops = all;
            copy.newPacketDrops = fresh;
        });
    }

    private MetadataFields valid() {
        if (batch != null) {
            batch.requireMetadata();
        }
        return fields;
    }

    /**
     * Whether the kernel reported a value.
     *
     * @param what LOCAL_ADDRESS for {@link #localAddress}, and so on
     * @return false if the socket did not ask for the value, or if the kernel had nothing to report: no drops so far,
     * or no time of a network card
     * @throws IllegalStateException if the message is gone
     */
    public boolean has(Metadata what) {
        var values = valid();
        return switch (what) {
            case LOCAL_ADDRESS -> !Struct.isGone(local);
            case TRAFFIC_CLASS -> values.trafficClass != MetadataFields.ABSENT;
            case HOP_LIMIT -> values.hopLimit != MetadataFields.ABSENT;
            case RECEIVE_TIME -> values.receiveTime != MetadataFields.ABSENT;
            case HARDWARE_TIME -> values.hardwareTime != MetadataFields.ABSENT;
            case PACKET_DROPS -> values.packetDrops != MetadataFields.ABSENT;
        };
    }

    /**
     * The address that the datagram was sent to. If it was sent to a group or to a broadcast address, it is that
     * address. It has the same form as {@link Datagram#source()}: it is IPv4-mapped if the source is. An address that
     * needs a scope id has one.
     *
     * @return null if it was not reported; else a view that is valid as long as this metadata. Its port is 0 unless
     * IP_RECVORIGDSTADDR or IPV6_RECVORIGDSTADDR is on, which report the port, too
     * @throws IllegalStateException if the message is gone
     */
    public @Nullable SockAddr localAddress() {
        return Struct.isGone(valid().local) ? null : local;
    }

    /**
     * The address of this host that a reply should be sent from. For IPv4 it is the kernel's choice (ipi_spec_dst of
     * ip(7)): {@link #localAddress()} or, if that is a group or a broadcast address, an address of this host. For IPv6
     * it is {@link #localAddress()}, unless that is a group.
     *
     * @return null if it was not reported, or if the datagram was sent to an IPv6 group; else a view that is valid as
     * long as this metadata. It has the same form as {@link Datagram#source()}, and its port is 0
     * @throws IllegalStateException if the message is gone
     */
    public @Nullable SockAddr answerAddress() {
        return Struct.isGone(valid().answer) ? null : answer;
    }

    /**
     * The interface that the datagram arrived on. It is the loopback interface if this host sent the datagram to itself
     * over loopback.
     *
     * @return an index as of if_nametoindex(3), from 1; -1 if it was not reported. {@link Metadata#LOCAL_ADDRESS} asks
     * for it
     * @throws IllegalStateException if the message is gone
     */
    public int interfaceIndex() {
        return valid().interfaceIndex;
    }

    /**
     * The type of service (IPv4) or traffic class (IPv6) as it arrived: {@link #dscp} and {@link #ecn} together.
     *
     * @return 0 to 255; -1 if it was not reported
     * @throws IllegalStateException if the message is gone
     */
    public int trafficClass() {
        return valid().trafficClass;
    }

    /**
     * The Differentiated Services codepoint (RFC 2474).
     *
     * @return 0 to 63; -1 if it was not reported. {@link Metadata#TRAFFIC_CLASS} asks for it
     * @throws IllegalStateException if the message is gone
     */
    public int dscp() {
        return valid().trafficClass >> 2;
    }

    /**
     * Explicit Congestion Notification (RFC 3168).
     *
     * @return 0 for not ECN-capable, 1 for ECT(1), 2 for ECT(0), 3 for congestion experienced; -1 if it was not
     * reported. {@link Metadata#TRAFFIC_CLASS} asks for it
     * @throws IllegalStateException if the message is gone
     */
    public int ecn() {
        var value = valid().trafficClass;
        return value == MetadataFields.ABSENT ? value : value & 3;
    }

    /**
     * The time to live (IPv4) or hop limit (IPv6) as it arrived.
     *
     * @return 0 to 255; -1 if it was not reported
     * @throws IllegalStateException if the message is gone
     */
    public int hopLimit() {
        return valid().hopLimit;
    }

    /**
     * When the kernel received the message, by the wall clock, which may be set. A message that had arrived before the
     * kernel was asked for times has the time at which it was read (__sock_recv_timestamp of net/socket.c).
     *
     * @return nanoseconds since 1970-01-01T00:00Z; -1 if it was not reported
     * @throws IllegalStateException if the message is gone
     */
    public long receiveTime() {
        return valid().receiveTime;
    }

    /**
     * When the network card received the message, by the card's clock. That clock shows the time of the wall clock or
     * of TAI only if a program keeps it synchronized.
     *
     * @return nanoseconds since the zero of that clock; -1 if it was not reported: see {@link Metadata#HARDWARE_TIME}
     * @throws IllegalStateException if the message is gone
     */
    public long hardwareTime() {
        return valid().hardwareTime;
    }

    /**
     * How many packets the socket had dropped since it was created when this message was queued. Most drops happen
     * because the receive buffer is full. The count wraps to 0 after 4,294,967,295. While GRO is on, one packet may
     * have held many datagrams.
     *
     * @return 1 to 4,294,967,295; -1 if it was not reported, which is always so while the count is 0 (SO_RXQ_OVFL of
     * socket(7))
     * @throws IllegalStateException if the message is gone
     */
    public long packetDrops() {
        return valid().packetDrops;
    }

    /**
     * How many packets the socket dropped between the previous message whose metadata was read and reported drops, and
     * this one. If there is no previous one, it is the count of all drops since the socket was opened or adopted, and 0
     * for datagrams that were queued before it was adopted. The value stays correct when the count wraps.
     *
     * <p>
     * All datagrams of a coalesced message have the same value: a sum must count it once for each message. Copying a
     * datagram does not count as reading its metadata: a sum over copies needs a call of {@link Datagram#metadata()}
     * before each copy.
     *
     * @return 0 to 4,294,967,295; -1 if {@link #packetDrops} is -1
     * @throws IllegalStateException if the message is gone
     */
    public long newPacketDrops() {
        return valid().newPacketDrops;
    }

    /**
     * The length of the datagrams in a coalesced message; the last one may be shorter.
     *
     * @return 1 byte or more; -1 if the datagram arrived alone
     * @throws IllegalStateException if the message is gone
     */
    public int segmentSize() {
        return valid().segmentSize;
    }

    /**
     * Copies this metadata.
     *
     * @return a new object, which stays valid, or this object if it is already a copy
     * @throws IllegalStateException if the message is gone
     */
    public DatagramMetadata copy() {
        valid();
        if (batch == null) {
            return this;
        }
        var copy = new DatagramMetadata(null);
        copy.fields.load(fields);
        return copy;
    }

    /** {@return the reported values as text; this method never throws} */
    @Override
    public String toString() {
        if (batch != null && !batch.hasMetadata()) {
            return "metadata (gone)";
        }
        var reported = new ArrayList<String>();
        add(reported, "to ", Struct.isGone(local) ? null : local);
        add(reported, "interface ", number(fields.interfaceIndex));
        add(reported, "traffic class ", number(fields.trafficClass));
        add(reported, "hop limit ", number(fields.hopLimit));
        add(reported, "time ", number(fields.receiveTime));
        add(reported, "hardware time ", number(fields.hardwareTime));
        add(reported, "drops ", number(fields.packetDrops));
        add(reported, "segment size ", number(fields.segmentSize));
        return "metadata: " + (reported.isEmpty() ? "none" : String.join(", ", reported));
    }

    private static @Nullable Long number(long value) {
        return value == MetadataFields.ABSENT ? null : value;
    }

    private static void add(List<String> reported, String name, @Nullable Object value) {
        if (value != null) {
            reported.add(name + value);
        }
    }
}
