package dev.salvo.socket.internal.control;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code SendOptions}, and the control messages that they become, in the family of the destination.
 *
 * <p>
 * The family of a connected socket's peer is not known here, so control messages of both families are written for it.
 * Over IPv4 the kernel ignores the level IPPROTO_IPV6, except IPV6_PKTINFO on an IPv6 socket, which must then hold an
 * IPv4-mapped address (ip_cmsg_send of net/ipv4/ip_sockglue.c). Over IPv6 it ignores the level IPPROTO_IP
 * (ip6_datagram_send_ctl of net/ipv6/datagram.c). A type that the level does not have would cause EINVAL.
 */
public final class ControlOptions {

    public static final int SOURCE = 1;
    public static final int INTERFACE = 1 << 1;
    public static final int TRAFFIC_CLASS = 1 << 2;
    public static final int HOP_LIMIT = 1 << 3;
    public static final int TRANSMIT_TIME = 1 << 4;
    public static final int SEGMENT_SIZE = 1 << 5;
    public static final int TRANSMIT_TIMESTAMP = 1 << 6;

    /**
     * The bytes of all control messages: PKTINFO, traffic class and hop limit of both families, the transmit time, and
     * two for a timestamp.
     */
    public static final long ROOM = Layouts.cmsgSpace(3 * Integer.BYTES)
            + Layouts.cmsgSpace(5 * Integer.BYTES)
            + 6 * Layouts.cmsgSpace(Integer.BYTES)
            + Layouts.cmsgSpace(Long.BYTES);

    private static final ControlOptions NONE = new ControlOptions();

    /** Which of the fields below are set; all others are 0. */
    private int present;
    public final NativeAddress source;
    public int sourceInterface;
    public int trafficClass;
    public int hopLimit;
    public long transmitTime;
    public int segmentSize;
    public int timestampId;

    /** No option is set at first. {@code source} is the view that shows the source address. */
    public ControlOptions(NativeAddress source) {
        this.source = source;
    }

    public ControlOptions() {
        this(new NativeAddress());
    }

    public void clear() {
        load(NONE);
    }

    public void set(int option, boolean on) {
        present = on ? present | option : present & ~option;
    }

    /** Whether any of these options is set. */
    public boolean has(int options) {
        return (present & options) != 0;
    }

    public boolean isEmpty() {
        return present == 0;
    }

    /** Whether any option becomes a control message of its own: all but the segment size. */
    public boolean hasControl() {
        return has(~SEGMENT_SIZE);
    }

    /** Whether datagrams that are added one by one may become one message with these options. */
    public boolean mayShare() {
        return !has(SEGMENT_SIZE | TRANSMIT_TIME | TRANSMIT_TIMESTAMP);
    }

    /** How many datagrams {@code length} bytes become. */
    public int datagrams(int length) {
        return has(SEGMENT_SIZE) && length > segmentSize ? (length + segmentSize - 1) / segmentSize : 1;
    }

    /** Becomes equal to another one, and returns this. */
    public ControlOptions load(ControlOptions other) {
        present = other.present;
        Struct.load(source, other.source);
        sourceInterface = other.sourceInterface;
        trafficClass = other.trafficClass;
        hopLimit = other.hopLimit;
        transmitTime = other.transmitTime;
        segmentSize = other.segmentSize;
        timestampId = other.timestampId;
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ControlOptions that
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
        return Objects.hash(present, source, sourceInterface, trafficClass, hopLimit, transmitTime, segmentSize,
                timestampId);
    }

    /** Appends the control messages for a destination: {@link #ROOM} bytes at most. */
    public void write(ControlWriter writer, NativeAddress destination) {
        var anyFamily = Struct.isNone(destination);
        var ipv6 = anyFamily || Struct.isNativeIpv6(destination);
        var ipv4 = anyFamily || !ipv6;
        if (has(SOURCE)) {
            writeSource(writer, ipv4, ipv6);
        } else if (has(INTERFACE)) {
            writeInterface(writer, ipv4, ipv6);
        }
        if (has(TRAFFIC_CLASS)) {
            writeInt(writer, ipv4, Linux.IPPROTO_IP(), Linux.IP_TOS(), trafficClass);
            writeInt(writer, ipv6, Linux.IPPROTO_IPV6(), Linux.IPV6_TCLASS(), trafficClass);
        }
        if (has(HOP_LIMIT)) {
            writeInt(writer, ipv4, Linux.IPPROTO_IP(), Linux.IP_TTL(), hopLimit);
            writeInt(writer, ipv6, Linux.IPPROTO_IPV6(), Linux.IPV6_HOPLIMIT(), hopLimit);
        }
        if (has(TRANSMIT_TIME)) {
            writer.putLong(Linux.SOL_SOCKET(), Linux.SCM_TXTIME(), transmitTime);
        }
        if (has(TRANSMIT_TIMESTAMP)) {
            writeTimestamp(writer, timestampId);
        }
    }

    /**
     * Requests a timestamp with an id that the program chose. Ids that the kernel counts (SOF_TIMESTAMPING_OPT_ID
     * alone) are not predictable: on Linux 6.18 a datagram that netfilter refuses (EPERM) uses up an id, and a datagram
     * that is too long does not.
     */
    public static void writeTimestamp(ControlWriter writer, int id) {
        writer.putInt(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING(), Linux.SOF_TIMESTAMPING_TX_SOFTWARE());
        writer.putInt(Linux.SOL_SOCKET(), LinuxExtras.SCM_TS_OPT_ID, id);
    }

    private static void writeInt(ControlWriter writer, boolean wanted, int level, int type, int value) {
        if (wanted) {
            writer.putInt(level, type, value);
        }
    }

    /**
     * A source of the wrong family must not be ignored, so it is written in a form for which the kernel returns EINVAL,
     * whatever the peer's family.
     */
    private void writeSource(ControlWriter writer, boolean ipv4, boolean ipv6) {
        var index = sourceInterface != 0 ? sourceInterface : Struct.scope(source);
        if (ipv4) {
            // No host has 255.255.255.255.
            writer.putPktinfo(index, Struct.isNativeIpv6(source) ? -1 : Struct.ipv4(source));
        }
        if (ipv6) {
            writer.putPktinfo6(Linux.IPV6_PKTINFO(), index, Struct.ipv6First(source), Struct.ipv6Second(source));
        }
    }

    /**
     * The older number is used if the peer may be of either family. Over IPv6 it means the same, and over IPv4 the
     * kernel does not read it, whereas IPV6_PKTINFO without an IPv4-mapped address would cause EINVAL.
     */
    private void writeInterface(ControlWriter writer, boolean ipv4, boolean ipv6) {
        if (ipv4) {
            writer.putPktinfo(sourceInterface, 0);
        }
        if (ipv6) {
            writer.putPktinfo6(
                    ipv4 ? Linux.IPV6_2292PKTINFO() : Linux.IPV6_PKTINFO(), sourceInterface, 0, 0);
        }
    }
}
