package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.cmsg.ControlWriter;
import dev.salvo.socket.internal.HandWritten;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.MemorySegment;

/**
 * Tells the kernel {@link SendOptions}, as control messages of the family of the destination.
 *
 * <p>For the peer of a connected socket, whose family is not known here, both families' are written: over IPv4 the
 * level IPPROTO_IPV6 is ignored, but for IPV6_PKTINFO on an IPv6 socket, which must then hold an IPv4-mapped address
 * (ip_cmsg_send of net/ipv4/ip_sockglue.c); over IPv6 the level IPPROTO_IP is (ip6_datagram_send_ctl of
 * net/ipv6/datagram.c). A type that a level does not have would be EINVAL.
 */
final class OptionControl {

    /**
     * What all of them take: two of PKTINFO, of the traffic class and of the hop limit, the time, and the two of a
     * timestamp.
     */
    static final long ROOM = Layouts.cmsgSpace(3 * Integer.BYTES)
            + Layouts.cmsgSpace(5 * Integer.BYTES)
            + 6 * Layouts.cmsgSpace(Integer.BYTES)
            + Layouts.cmsgSpace(Long.BYTES);

    private static final int IP = Linux.IPPROTO_IP();
    private static final int IPV6 = Linux.IPPROTO_IPV6();

    private final ControlWriter writer = new ControlWriter();
    /** in_pktinfo: ipi_ifindex, ipi_spec_dst, ipi_addr, of which the last is not looked at. */
    private final int[] pktinfo = new int[3];
    /** in6_pktinfo: ipi6_addr, four words; ipi6_ifindex. */
    private final int[] pktinfo6 = new int[5];

    /** Writes what is needed, {@link #ROOM} bytes at the most, and returns how many that was. */
    long write(MemorySegment control, long offset, SendOptions options, SockAddr destination) {
        writer.reset(control, offset, ROOM);
        var anyFamily = AddressBits.isNone(destination);
        var ipv6 = anyFamily || AddressBits.isNativeIpv6(destination);
        var ipv4 = anyFamily || !ipv6;
        if (options.has(SendOptions.SOURCE)) {
            writeSource(options, ipv4, ipv6);
        } else if (options.has(SendOptions.INTERFACE)) {
            writeInterface(options.sourceInterface, ipv4, ipv6);
        }
        if (options.has(SendOptions.TRAFFIC_CLASS)) {
            writeInt(ipv4, IP, Linux.IP_TOS(), options.trafficClass);
            writeInt(ipv6, IPV6, Linux.IPV6_TCLASS(), options.trafficClass);
        }
        if (options.has(SendOptions.HOP_LIMIT)) {
            writeInt(ipv4, IP, Linux.IP_TTL(), options.hopLimit);
            writeInt(ipv6, IPV6, Linux.IPV6_HOPLIMIT(), options.hopLimit);
        }
        if (options.has(SendOptions.TRANSMIT_TIME)) {
            writer.putLong(Linux.SOL_SOCKET(), Linux.SCM_TXTIME(), options.transmitTime);
        }
        if (options.has(SendOptions.TRANSMIT_TIMESTAMP)) {
            writeTimestamp(writer, options.timestampId);
        }
        return writer.length();
    }

    /**
     * Asks for a timestamp with a number of the program's own. Those that the kernel counts (SOF_TIMESTAMPING_OPT_ID
     * alone) say nothing certain: a datagram that netfilter refuses, EPERM, takes one, as seen on Linux 6.18, and one
     * that is too long does not.
     */
    static void writeTimestamp(ControlWriter writer, int id) {
        writer.putInt(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPING(), Linux.SOF_TIMESTAMPING_TX_SOFTWARE());
        writer.putInt(Linux.SOL_SOCKET(), HandWritten.SCM_TS_OPT_ID, id);
    }

    private void writeInt(boolean wanted, int level, int type, int value) {
        if (wanted) {
            writer.putInt(level, type, value);
        }
    }

    /** A source of the wrong family is EINVAL for whichever peer: it must not be passed over. */
    private void writeSource(SendOptions options, boolean ipv4, boolean ipv6) {
        var source = options.source;
        var index = options.sourceInterface != 0 ? options.sourceInterface : source.scope;
        if (ipv4) {
            // No host has 255.255.255.255.
            writePktinfo(index, AddressBits.isNativeIpv6(source) ? -1 : AddressBits.ipv4(source));
        }
        if (ipv6) {
            writePktinfo6(
                    Linux.IPV6_PKTINFO(), index, AddressBits.ipv6First(source), AddressBits.ipv6Second(source));
        }
    }

    /**
     * For any family with the older number, which means the same over IPv6, and is not looked at over IPv4, where
     * IPV6_PKTINFO without an IPv4-mapped address is EINVAL.
     */
    private void writeInterface(int index, boolean ipv4, boolean ipv6) {
        if (ipv4) {
            writePktinfo(index, 0);
        }
        if (ipv6) {
            writePktinfo6(ipv4 ? Linux.IPV6_2292PKTINFO() : Linux.IPV6_PKTINFO(), index, 0, 0);
        }
    }

    private void writePktinfo(int index, int source) {
        pktinfo[0] = index;
        pktinfo[1] = source;
        writer.putInts(IP, Linux.IP_PKTINFO(), pktinfo);
    }

    private void writePktinfo6(int type, int index, long first, long second) {
        pktinfo6[0] = (int) first;
        pktinfo6[1] = (int) (first >>> 32);
        pktinfo6[2] = (int) second;
        pktinfo6[3] = (int) (second >>> 32);
        pktinfo6[4] = index;
        writer.putInts(IPV6, type, pktinfo6);
    }
}
