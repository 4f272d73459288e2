package dev.salvo.socket;

import static dev.salvo.testing.NarrowPath.FAR_MTU;
import static dev.salvo.testing.NarrowPath.NEAR_MTU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.NarrowPath;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The MTU that the kernel knows for a path, before and after a router reported one, and the effect of each discovery
 * mode.
 */
@Tag("netns")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PathMtuKnownTest {

    private static final int TOO_LONG = 1400;

    private final AtomicInteger last = new AtomicInteger(10);
    private NarrowPath path;

    @BeforeAll
    void join() throws Exception {
        path = new NarrowPath();
        path.host.in("address", "add", NarrowPath.near(false, 5) + "/24", "dev", "near");
        path.host.in("address", "add", NarrowPath.near(true, 5) + "/64", "dev", "near", "nodad");
    }

    @AfterAll
    void part() throws IOException {
        // Also called after a join that was skipped or failed.
        if (path != null) {
            path.close();
        }
    }

    /** An address for which the kernel has learnt no MTU yet. */
    private SockAddr fresh(Over over) {
        return over.of(NarrowPath.far(over == Over.IPV6, last.incrementAndGet()), 4711);
    }

    /** Sends one datagram and returns the errno of its failure, or 0. */
    private static int send(UdpSocket socket, SockAddr destination, int length) throws SyscallException {
        try (var out = SendBatch.open()) {
            Traffic.add(out, Traffic.bytes(length), destination);
            assertEquals(1, socket.send(out));
            return out.failures().isEmpty() ? 0 : out.failures().getFirst().errno();
        }
    }

    private static int knownMtu(UdpSocket socket) throws SyscallException {
        assertTrue(socket.awaitReadable(Duration.ofSeconds(10)), "no ICMP error came");
        socket.drainErrors();
        return Objects.requireNonNull(socket.nextError()).mtu();
    }

    private static void learn(Over over, SockAddr destination) throws SyscallException {
        try (var socket = over.open()) {
            PathMtu.discovery(socket, PathMtuDiscovery.DO);
            assertEquals(0, send(socket, destination, TOO_LONG));
            assertEquals(FAR_MTU, knownMtu(socket));
        }
    }

    private interface Body {

        void run() throws Exception;
    }

    private void onHost(Body body) throws Exception {
        path.host.call(() -> {
            body.run();
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource
    void theMtuIsThatOfTheInterfaceUntilARouterReportsLess(Over over) throws Exception {
        var destination = fresh(over);
        onHost(() -> {
            try (var socket = over.open()) {
                assertEquals(NEAR_MTU, PathMtu.to(socket, destination));
                learn(over, destination);
                assertEquals(FAR_MTU, PathMtu.to(socket, destination));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aSocketBoundToAForeignAddressCanAskToo(Over over) throws Exception {
        onHost(() -> {
            try (var socket = UdpSocket.open(over.family)) {
                socket.set(IpOptions.TRANSPARENT, true);
                socket.bind(over.of(over == Over.IPV6 ? "2001:db8:77::7" : "203.0.113.77", 0));
                assertEquals(NEAR_MTU, PathMtu.to(socket, fresh(over)));
            }
        });
    }

    /** RFC 3542, 11.4: this is no datagram, but Salvo has no other way to deliver it. */
    @Test
    void withRecvPathMtuARefusedDatagramReturnsEmpty() throws Exception {
        var destination = fresh(Over.IPV6);
        onHost(() -> {
            try (var socket = Over.IPV6.open();
                    var in = ReceiveBatch.open(1)) {
                socket.set(Ipv6Options.RECVPATHMTU, true);
                socket.set(Ipv6Options.DONTFRAG, true);
                assertEquals(Errno.EMSGSIZE, send(socket, destination, 2 * NEAR_MTU));
                assertEquals(1, socket.receive(in));
                var datagram = Objects.requireNonNull(in.next());
                assertEquals(0, datagram.length());
                assertEquals(0, datagram.source().port());
                assertArrayEquals(destination.address(), datagram.source().address());
            }
        });
    }

    /** The kernel treats the destination as a neighbour on that interface, here loopback. */
    @Test
    void theUnicastInterfaceDecides() throws Exception {
        onHost(() -> {
            try (var socket = Over.IPV4.open()) {
                socket.set(IpOptions.UNICAST_IF, 1);
                assertTrue(PathMtu.to(socket, fresh(Over.IPV4)) > NEAR_MTU);
            }
        });
    }

    /** The largest datagram that fits is sent whole; one byte more is refused at once. */
    @ParameterizedTest
    @EnumSource
    void withDoOnlyDatagramsThatFitAreSent(Over over) throws Exception {
        var destination = fresh(over);
        onHost(() -> {
            learn(over, destination);
            try (var socket = over.open()) {
                PathMtu.discovery(socket, PathMtuDiscovery.DO);
                var fits = PathMtu.largestPayload(PathMtu.to(socket, destination), destination);
                assertEquals(over == Over.IPV6 ? 1252 : 1272, fits);
                assertEquals(0, send(socket, destination, fits));
                assertEquals(Errno.EMSGSIZE, send(socket, destination, fits + 1));
            }
        });
    }

    /** With PROBE only the interface's MTU limits a datagram, and the router reports its MTU again. */
    @ParameterizedTest
    @EnumSource
    void withProbeTheKnownMtuIsIgnored(Over over) throws Exception {
        var destination = fresh(over);
        onHost(() -> {
            learn(over, destination);
            try (var socket = over.open()) {
                PathMtu.discovery(socket, PathMtuDiscovery.PROBE);
                assertEquals(0, send(socket, destination, TOO_LONG));
                assertEquals(FAR_MTU, knownMtu(socket));
                var fits = PathMtu.largestPayload(NEAR_MTU, destination);
                assertEquals(Errno.EMSGSIZE, send(socket, destination, fits + 1));
            }
        });
    }

    /** A connected socket keeps the route that it found when it connected, without an MTU learnt since. */
    @ParameterizedTest
    @EnumSource
    void theOldRouteOfAConnectedSocketIsNotUsed(Over over) throws Exception {
        var destination = fresh(over);
        onHost(() -> {
            try (var socket = over.open()) {
                socket.connect(destination);
                learn(over, destination);
                assertEquals(NEAR_MTU, socket.get(over == Over.IPV6 ? Ipv6Options.MTU : IpOptions.MTU));
                assertEquals(FAR_MTU, PathMtu.to(socket, destination));
            }
        });
    }

    /** Each of the four selects another routing table, with an MTU of its own. */
    @ParameterizedTest
    @CsvSource({"IPV4, 1", "IPV6, 1", "MAPPED, 1", "IPV4, 2", "IPV6, 2", "MAPPED, 2", "IPV4, 3", "IPV6, 3",
            "MAPPED, 3", "IPV4, 4", "IPV6, 4", "MAPPED, 4"})
    void theMtuDependsOnSourceDeviceMarkAndTrafficClass(Over over, int what) throws Exception {
        var ipv6 = over == Over.IPV6;
        var destination = fresh(over);
        var second = NarrowPath.near(ipv6, 5);
        var rule = switch (what) {
            case 1 -> new String[]{"from", second};
            case 2 -> new String[]{"oif", "near"};
            case 3 -> new String[]{"fwmark", "7"};
            default -> new String[]{"tos", "0x10"};
        };
        policy(ipv6, "add", rule);
        try {
            onHost(() -> {
                try (var socket = over.open()) {
                    assertEquals(NEAR_MTU, PathMtu.to(socket, destination));
                    switch (what) {
                        case 1 -> socket.bind(over.of(second, 0));
                        case 2 -> socket.set(SocketLevelOptions.BINDTOIFINDEX, Multicast.interfaceIndex("near"));
                        case 3 -> socket.set(SocketLevelOptions.MARK, 7);
                        default -> {
                            if (over == Over.IPV6) {
                                socket.set(Ipv6Options.TCLASS, 0x10);
                            } else {
                                socket.set(IpOptions.TOS, 0x10);
                            }
                        }
                    }
                    assertEquals(1450, PathMtu.to(socket, destination));
                }
            });
        } finally {
            policy(ipv6, "delete", rule);
        }
    }

    private void policy(boolean ipv6, String change, String... rule) throws IOException {
        path.host.in("route", change, ipv6 ? "2001:db8:2::/64" : "198.51.100.0/24", "via", NarrowPath.near(ipv6, 2),
                "mtu", "1450", "table", "100");
        var command = new String[rule.length + 7];
        System.arraycopy(new String[]{ipv6 ? "-6" : "-4", "-n", path.host.name(), "rule", change}, 0, command, 0, 5);
        System.arraycopy(rule, 0, command, 5, rule.length);
        command[rule.length + 5] = "lookup";
        command[rule.length + 6] = "100";
        NetNamespace.ip(command);
    }

    @ParameterizedTest
    @EnumSource
    void withoutARouteItFailsAsASendWould(Over over) throws Exception {
        onHost(() -> {
            try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
                var refused = assertThrows(
                        SyscallException.class, () -> PathMtu.to(socket, SockAddr.of("2001:db8::1", 9)));
                assertEquals(Errno.EAFNOSUPPORT, refused.errno());
            }
            try (var socket = over.open()) {
                var nowhere = over.of(NarrowPath.far(over == Over.IPV6, 2), 0);
                assertThrows(IllegalArgumentException.class, () -> PathMtu.to(socket, nowhere));
            }
        });
    }
}
