package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.Layouts;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.Timestamping;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trap 11: all control messages that a socket can receive with one datagram fit into a slot's control buffer. Control
 * messages that do not fit would be lost, and are counted.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlRoomTest {

    /**
     * Level and type of the control messages of an IPv6 datagram with every option on, and the bytes that each takes.
     */
    private static final List<String> ALL = List.of(
            "1:35 32", // SCM_TIMESTAMPNS
            "1:37 64", // SCM_TIMESTAMPING
            "1:40 24", // SO_RXQ_OVFL
            "17:104 24", // UDP_GRO
            "41:50 40", // IPV6_PKTINFO
            "41:52 24", // IPV6_HOPLIMIT
            "41:67 24", // IPV6_TCLASS
            "41:74 48"); // IPV6_ORIGDSTADDR

    /** The same for an IPv4 datagram that a socket bound to :: receives. */
    private static final List<String> ALL_MAPPED = List.of(
            "1:35 32",
            "1:37 64",
            "1:40 24",
            "17:104 24",
            "41:50 40",
            "0:8 32", // IP_PKTINFO
            "0:2 24", // IP_TTL
            "0:1 24", // IP_TOS
            "0:20 32"); // IP_ORIGDSTADDR

    /** The control messages of the last datagram. */
    private DatagramMetadata metadata = new DatagramMetadata(null);

    private static UdpSocket withEverythingOn() throws SyscallException {
        var socket = UdpSocket.open(StandardProtocolFamily.INET6);
        socket.bind(SockAddr.of("::", 0));
        for (var metadata : Metadata.values()) {
            metadata.enable(socket);
        }
        for (var option : List.of(IpOptions.RECVORIGDSTADDR, Ipv6Options.RECVORIGDSTADDR, UdpOptions.GRO)) {
            socket.set(option, true);
        }
        socket.set(SocketLevelOptions.TIMESTAMPING, Timestamping.of(Timestamping.Flag.RX_SOFTWARE,
                Timestamping.Flag.SOFTWARE, Timestamping.Flag.RX_HARDWARE, Timestamping.Flag.RAW_HARDWARE));
        return socket;
    }

    /** The kernel reports SO_RXQ_OVFL only after a first drop. */
    private static void makeItDrop(UdpSocket socket, UdpSocket sender, SockAddr to, ReceiveBatch in)
            throws SyscallException {
        var room = socket.get(SocketLevelOptions.RCVBUF);
        socket.set(SocketLevelOptions.RCVBUF, 0);
        try (var out = SendBatch.open()) {
            out.coalescing(false);
            for (int i = 0; i < 50; i++) {
                Traffic.add(out, to, "flood");
            }
            sender.send(out);
        }
        Traffic.receive(socket, in, 1);
        assertTrue(socket.statistics().kernelPacketDrops() > 0);
        socket.set(SocketLevelOptions.RCVBUF, room);
    }

    private Set<String> receiveOne(UdpSocket socket, Loopback from, ReceiveBatch in) throws SyscallException {
        var to = from.address(socket.localAddress().port());
        try (var sender = from.bound()) {
            makeItDrop(socket, sender, to, in);
            return receiveOne(socket, sender, to, in);
        }
    }

    private Set<String> receiveOne(UdpSocket socket, UdpSocket sender, SockAddr to, ReceiveBatch in)
            throws SyscallException {
        try (var out = SendBatch.open()) {
            Traffic.add(out, to, "two in one", "two in one");
            sender.send(out);
        }
        assertTrue(socket.awaitReadable(null));
        assertEquals(1, socket.receive(in));
        var datagram = Objects.requireNonNull(in.next());
        metadata = datagram.metadata().copy();
        var controls = new HashSet<String>();
        for (var control = in.control(); control.next();) {
            controls.add(control.level() + ":" + control.type() + " " + Layouts.cmsgSpace(control.dataLength()));
        }
        return controls;
    }

    private void assertEverythingIsReported(Loopback from, int port) {
        var local = SockAddr.of(from == Loopback.IPV4 ? "::ffff:127.0.0.1" : "::1", port);
        assertEquals(local, metadata.localAddress());
        assertEquals(SockAddr.of(from == Loopback.IPV4 ? "::ffff:127.0.0.1" : "::1", 0), metadata.answerAddress());
        assertEquals(1, metadata.interfaceIndex());
        assertEquals(0, metadata.trafficClass());
        assertEquals(64, metadata.hopLimit());
        assertTrue(metadata.receiveTime() > 0);
        assertTrue(metadata.packetDrops() > 0);
        assertEquals(10, metadata.segmentSize());
    }

    @ParameterizedTest
    @EnumSource
    void everythingAtOnceFits(Loopback from) throws SyscallException {
        Needs.joiningOnLoopback();
        try (var socket = withEverythingOn();
                var in = ReceiveBatch.open(8)) {
            var all = from == Loopback.IPV6 ? ALL : ALL_MAPPED;
            assertEquals(Set.copyOf(all), receiveOne(socket, from, in));
            assertEquals(0, socket.statistics().controlTruncated());
            assertEverythingIsReported(from, socket.localAddress().port());
        }
    }

    @Test
    void controlMessagesThatDoNotFitAreCounted() throws SyscallException {
        Needs.joiningOnLoopback();
        var kernel = KernelStub.with((name, arguments, real) -> {
            if (name.equals("recvmmsg")) {
                ((MemorySegment) arguments[1]).set(JAVA_LONG, Layouts.MSG_CONTROLLEN, 96);
            }
            return real.call();
        });
        ScopedValue.where(Kernels.SCRIPTED, kernel).call(() -> {
            try (var socket = withEverythingOn();
                    var in = ReceiveBatch.open(8)) {
                assertEquals(Set.copyOf(ALL.subList(0, 2)), receiveOne(socket, Loopback.IPV6, in));
                assertTrue(socket.statistics().controlTruncated() > 0);
                return null;
            }
        });
    }
}
