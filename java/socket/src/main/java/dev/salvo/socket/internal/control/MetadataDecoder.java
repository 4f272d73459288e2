package dev.salvo.socket.internal.control;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.in6_pktinfo;
import dev.salvo.bindings.in_pktinfo;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.ControlReader;
import dev.salvo.socket.internal.observe.Counters;

/**
 * Decodes control messages into metadata, without allocating. Control messages that are unknown, or shorter than the
 * kernel writes them, are skipped.
 */
public final class MetadataDecoder {

    private static final long SECONDS = Layouts.TV_SEC;
    private static final long FRACTION = Layouts.TV_NSEC;
    private static final long SOFTWARE = 0;
    /** The third of three times; the second is no longer used. */
    private static final long HARDWARE = SOFTWARE + 2 * Layouts.TIMESPEC;

    private static final int NANOSECONDS = 1;
    private static final int MICROSECONDS = 1_000;

    private final ControlReader control = new ControlReader();
    /**
     * Whether the destination was read with its port, from ORIGDSTADDR. PKTINFO has only the address, and may come
     * before or after that.
     */
    private boolean hasPort;

    /** The caller resets this reader to the control messages before {@link #read}. */
    public ControlReader control() {
        return control;
    }

    /** Reads all control messages. IPv4 addresses are shown in IPv6 form if the source is. */
    public void read(MetadataFields into, NativeAddress source, Counters counters) {
        into.clear();
        hasPort = false;
        var mapped = Struct.isIpv6(source);
        while (control.next()) {
            var level = control.level();
            if (level == Linux.SOL_SOCKET()) {
                readSocket(into, counters);
            } else if (level == Linux.IPPROTO_IP()) {
                readIp(into, mapped);
            } else if (level == Linux.IPPROTO_IPV6()) {
                readIpv6(into);
            } else if (groSize(control) > 0) {
                into.segmentSize = groSize(control);
            }
        }
    }

    private boolean has(long bytes) {
        return control.dataLength() >= bytes;
    }

    /** The _NEW types are for 32-bit programs; their times have 64 bits, too (socket.h). */
    private void readSocket(MetadataFields into, Counters counters) {
        var type = control.type();
        if (type == Linux.SO_RXQ_OVFL() && has(Integer.BYTES)) {
            var drops = control.getInt(0);
            into.packetDrops = Integer.toUnsignedLong(drops);
            into.newPacketDrops = counters.newDrops(drops);
        } else if (type == Linux.SCM_TIMESTAMPNS() || type == Linux.SO_TIMESTAMPNS_NEW()) {
            into.receiveTime = time(0, NANOSECONDS, into.receiveTime);
        } else if (type == Linux.SCM_TIMESTAMP() || type == Linux.SO_TIMESTAMP_NEW()) {
            into.receiveTime = time(0, MICROSECONDS, into.receiveTime);
        } else if (type == Linux.SCM_TIMESTAMPING() || type == Linux.SO_TIMESTAMPING_NEW()) {
            into.receiveTime = time(SOFTWARE, NANOSECONDS, into.receiveTime);
            into.hardwareTime = time(HARDWARE, NANOSECONDS, into.hardwareTime);
        }
    }

    /** A time in nanoseconds; {@code otherwise} if it is 0, by which the kernel reports that there is none. */
    private long time(long offset, int unit, long otherwise) {
        if (!has(offset + Layouts.TIMESPEC)) {
            return otherwise;
        }
        var nanoseconds = control.getLong(offset + SECONDS) * 1_000_000_000 + control.getLong(offset + FRACTION) * unit;
        return nanoseconds > 0 ? nanoseconds : otherwise;
    }

    private void readIp(MetadataFields into, boolean mapped) {
        var type = control.type();
        if (type == Linux.IP_PKTINFO() && has(in_pktinfo.sizeof())) {
            readInterface(into, control.getInt(in_pktinfo.ipi_ifindex$offset()));
            showIpv4(into.answer, control.getInt(in_pktinfo.ipi_spec_dst$offset()), 0, mapped);
            if (!hasPort) {
                showIpv4(into.local, control.getInt(in_pktinfo.ipi_addr$offset()), 0, mapped);
            }
        } else if (type == Linux.IP_TOS() && has(Byte.BYTES)) {
            into.trafficClass = Byte.toUnsignedInt(control.getByte(0));
        } else if (type == Linux.IP_TTL() && has(Integer.BYTES)) {
            into.hopLimit = control.getInt(0) & 0xff;
        } else if (type == Linux.IP_ORIGDSTADDR() && has(Layouts.SOCKADDR_IN)) {
            hasPort = true;
            showIpv4(into.local, control.getInt(Integer.BYTES), control.getInt(0) >>> 16, mapped);
        }
    }

    private void readIpv6(MetadataFields into) {
        var type = control.type();
        if (type == Linux.IPV6_PKTINFO() && has(in6_pktinfo.sizeof())) {
            var index = control.getInt(in6_pktinfo.ipi6_ifindex$offset());
            readInterface(into, index);
            if (!hasPort) {
                readDestination(into, in6_pktinfo.ipi6_addr$offset(), 0, index);
            }
        } else if (type == Linux.IPV6_TCLASS() && has(Integer.BYTES)) {
            into.trafficClass = control.getInt(0) & 0xff;
        } else if (type == Linux.IPV6_HOPLIMIT() && has(Integer.BYTES)) {
            into.hopLimit = control.getInt(0) & 0xff;
        } else if (type == Linux.IPV6_ORIGDSTADDR() && has(Layouts.SOCKADDR_IN6)) {
            hasPort = true;
            readDestination(into, Layouts.SIN6_ADDR, control.getInt(0) >>> 16,
                    control.getInt(Layouts.SIN6_SCOPE_ID));
        }
    }

    /** The kernel reports 0 if it does not know the interface. */
    private static void readInterface(MetadataFields into, int index) {
        if (index > 0) {
            into.interfaceIndex = index;
        }
    }

    /**
     * For an IPv4-mapped address, only IP_PKTINFO has the address for an answer: this one may be a broadcast address.
     */
    private void readDestination(MetadataFields into, long offset, int port, int index) {
        var first = control.getLong(offset);
        var second = control.getLong(offset + Long.BYTES);
        var scope = needsScope((int) first) ? index : 0;
        Struct.loadIpv6(into.local, first, second, port, scope);
        if (!Struct.isMapped(into.local) && (first & 0xff) != 0xff) {
            Struct.loadIpv6(into.answer, first, second, 0, scope);
        }
    }

    /**
     * True for link-local addresses, and for groups with interface-local or link-local scope (ipv6_iface_scope_id of
     * net/ipv6.h).
     */
    private static boolean needsScope(int start) {
        var linkLocal = (start & 0xc0ff) == 0x80fe;
        var group = (start & 0xff) == 0xff;
        var reach = start >>> 8 & 0xf;
        return linkLocal || (group && (reach == 1 || reach == 2));
    }

    /** An IPv4 address and a port, both in network order, in the form of the source. */
    private static void showIpv4(NativeAddress view, int address, int port, boolean mapped) {
        if (mapped) {
            Struct.loadMapped(view, address, port);
        } else {
            Struct.loadIpv4(view, address, port);
        }
    }

    /** The segment size of UDP_GRO, at least 1; 0 if the control message is another one. */
    public static int groSize(ControlReader control) {
        return control.is(Layouts.SOL_UDP, Layouts.UDP_GRO) && control.dataLength() >= Integer.BYTES
                ? Math.max(control.getInt(0), 1)
                : 0;
    }
}
