package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.in6_pktinfo;
import dev.salvo.bindings.in_pktinfo;
import dev.salvo.socket.cmsg.ControlReader;
import dev.salvo.socket.internal.Layouts;

/**
 * Makes metadata of control messages, without allocating. What is unknown, or shorter than the kernel writes it, is
 * passed over.
 */
final class MetadataReader {

    private static final long SECONDS = Layouts.TV_SEC;
    private static final long FRACTION = Layouts.TV_NSEC;
    private static final long SOFTWARE = 0;
    /** The third of three; the second is no longer used. */
    private static final long HARDWARE = SOFTWARE + 2 * Layouts.TIMESPEC;

    /** Where sockaddr_in and sockaddr_in6 have the port, in their first four bytes. */
    private static final int PORT = 0xffff_0000;
    /** Bytes 8 to 11 of an IPv4-mapped address. */
    private static final int MAPPED = 0xffff_0000;

    private static final int NANOSECONDS = 1;
    private static final int MICROSECONDS = 1_000;

    private final ControlReader control = new ControlReader();
    /** Whether the destination came with its port: pktinfo has the address alone, and may come before or after. */
    private boolean portTold;

    /** To be placed before the first control message, before {@link #read}. */
    ControlReader control() {
        return control;
    }

    /** Reads all control messages. Those of IPv4 are shown in IPv6 form where the source is. */
    void read(DatagramMetadata into, SockAddr source, Counters counters) {
        into.clear();
        portTold = false;
        var mapped = (short) source.head == Linux.AF_INET6();
        while (control.next()) {
            var level = control.level();
            if (level == Linux.SOL_SOCKET()) {
                readSocket(into, counters);
            } else if (level == Linux.IPPROTO_IP()) {
                readIp(into, mapped);
            } else if (level == Linux.IPPROTO_IPV6()) {
                readIpv6(into);
            } else if (ReceivedControl.groSize(control) > 0) {
                into.segmentSize = ReceivedControl.groSize(control);
            }
        }
    }

    private boolean has(long bytes) {
        return control.dataLength() >= bytes;
    }

    /** Programs for 32 bits ask for the times by numbers of their own, and get 64 bits then (socket.h). */
    private void readSocket(DatagramMetadata into, Counters counters) {
        var type = control.type();
        if (type == Linux.SO_RXQ_OVFL() && has(Integer.BYTES)) {
            var drops = control.getInt(0);
            into.packetDrops = Integer.toUnsignedLong(drops);
            into.newPacketDrops = Integer.toUnsignedLong(drops - counters.dropsTold);
            counters.dropsTold = drops;
        } else if (type == Linux.SCM_TIMESTAMPNS() || type == Linux.SO_TIMESTAMPNS_NEW()) {
            into.receiveTime = time(0, NANOSECONDS, into.receiveTime);
        } else if (type == Linux.SCM_TIMESTAMP() || type == Linux.SO_TIMESTAMP_NEW()) {
            into.receiveTime = time(0, MICROSECONDS, into.receiveTime);
        } else if (type == Linux.SCM_TIMESTAMPING() || type == Linux.SO_TIMESTAMPING_NEW()) {
            into.receiveTime = time(SOFTWARE, NANOSECONDS, into.receiveTime);
            into.hardwareTime = time(HARDWARE, NANOSECONDS, into.hardwareTime);
        }
    }

    /** A time in nanoseconds; {@code otherwise} where it is 0, which is the kernel's way to say that there is none. */
    private long time(long offset, int unit, long otherwise) {
        if (!has(offset + Layouts.TIMESPEC)) {
            return otherwise;
        }
        var nanoseconds = control.getLong(offset + SECONDS) * 1_000_000_000 + control.getLong(offset + FRACTION) * unit;
        return nanoseconds > 0 ? nanoseconds : otherwise;
    }

    private void readIp(DatagramMetadata into, boolean mapped) {
        var type = control.type();
        if (type == Linux.IP_PKTINFO() && has(in_pktinfo.sizeof())) {
            readInterface(into, control.getInt(in_pktinfo.ipi_ifindex$offset()));
            showIpv4(into.answer, control.getInt(in_pktinfo.ipi_spec_dst$offset()), 0, mapped);
            if (!portTold) {
                showIpv4(into.local, control.getInt(in_pktinfo.ipi_addr$offset()), 0, mapped);
            }
        } else if (type == Linux.IP_TOS() && has(Byte.BYTES)) {
            into.trafficClass = Byte.toUnsignedInt(control.getByte(0));
        } else if (type == Linux.IP_TTL() && has(Integer.BYTES)) {
            into.hopLimit = control.getInt(0) & 0xff;
        } else if (type == Linux.IP_ORIGDSTADDR() && has(SockAddr.IPV4_LENGTH)) {
            portTold = true;
            showIpv4(into.local, control.getInt(Integer.BYTES), control.getInt(0) & PORT, mapped);
        }
    }

    private void readIpv6(DatagramMetadata into) {
        var type = control.type();
        if (type == Linux.IPV6_PKTINFO() && has(in6_pktinfo.sizeof())) {
            var index = control.getInt(in6_pktinfo.ipi6_ifindex$offset());
            readInterface(into, index);
            if (!portTold) {
                readDestination(into, in6_pktinfo.ipi6_addr$offset(), 0, index);
            }
        } else if (type == Linux.IPV6_TCLASS() && has(Integer.BYTES)) {
            into.trafficClass = control.getInt(0) & 0xff;
        } else if (type == Linux.IPV6_HOPLIMIT() && has(Integer.BYTES)) {
            into.hopLimit = control.getInt(0) & 0xff;
        } else if (type == Linux.IPV6_ORIGDSTADDR() && has(SockAddr.IPV6_LENGTH)) {
            portTold = true;
            readDestination(into, Layouts.SIN6_ADDR, control.getInt(0) & PORT,
                    control.getInt(Layouts.SIN6_SCOPE_ID));
        }
    }

    /** 0 is how the kernel says that it does not know. */
    private static void readInterface(DatagramMetadata into, int index) {
        if (index > 0) {
            into.interfaceIndex = index;
        }
    }

    /** For IPv4 in IPv6 form, IP_PKTINFO alone tells what address an answer may have: this may be a broadcast. */
    private void readDestination(DatagramMetadata into, long offset, int port, int index) {
        var first = control.getLong(offset);
        var second = control.getLong(offset + Long.BYTES);
        var scope = needsScope((int) first) ? index : 0;
        showIpv6(into.local, first, second, port, scope);
        var mapped = first == 0 && (int) second == MAPPED;
        if (!mapped && (first & 0xff) != 0xff) {
            showIpv6(into.answer, first, second, 0, scope);
        }
    }

    /** Link-local addresses, and groups of the interface or the link (ipv6_iface_scope_id of net/ipv6.h). */
    private static boolean needsScope(int start) {
        var linkLocal = (start & 0xc0ff) == 0x80fe;
        var group = (start & 0xff) == 0xff;
        var reach = start >>> 8 & 0xf;
        return linkLocal || (group && (reach == 1 || reach == 2));
    }

    /** All in the order of the network, as it lies in memory; an address of 0 is none. */
    private static void showIpv4(SockAddr view, int address, int port, boolean mapped) {
        if (address == 0) {
            view.invalidate();
        } else if (mapped) {
            showIpv6(view, 0, Integer.toUnsignedLong(MAPPED) | (long) address << 32, port, 0);
        } else {
            view.head = Linux.AF_INET() | Integer.toUnsignedLong(port) | (long) address << 32;
            view.first = 0;
            view.second = 0;
            view.scope = 0;
        }
    }

    private static void showIpv6(SockAddr view, long first, long second, int port, int scope) {
        if ((first | second) == 0) {
            view.invalidate();
            return;
        }
        view.head = Linux.AF_INET6() | Integer.toUnsignedLong(port);
        view.first = first;
        view.second = second;
        view.scope = scope;
    }
}
