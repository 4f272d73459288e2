package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.PathMtu;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.testing.NarrowPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ICMP errors of real routers arrive at an unconnected port, and nothing else wakes the loop. */
@Tag("netns")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RouterErrorReceivedTest {

    private static final int PORT = 4711;

    private NarrowPath path;

    @BeforeAll
    void join() throws Exception {
        path = new NarrowPath();
    }

    @AfterAll
    void part() throws IOException {
        // Also called after a join that was skipped or failed.
        if (path != null) {
            path.close();
        }
    }

    /** The address of the port, and how it writes the addresses of the others. */
    enum Way {
        IPV4("0.0.0.0", "", false, 21), IPV6("::", "", true, 21), MAPPED("::", "::ffff:", false, 22);

        final String wildcard;
        final String prefix;
        final boolean ipv6;
        /** The number of a host of which the kernel knows nothing yet. */
        final int fresh;

        Way(String wildcard, String prefix, boolean ipv6, int fresh) {
            this.wildcard = wildcard;
            this.prefix = prefix;
            this.ipv6 = ipv6;
            this.fresh = fresh;
        }

        PortOptions options() {
            return PortOptions.defaults().withInterface(wildcard).withErrors(true);
        }

        SockAddr of(String address) {
            return SockAddr.of(prefix + address, PORT);
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

    private static String described(SocketError error) {
        var quoted = ISO_8859_1.decode(error.payload());
        return Errno.name(error.errno()) + " " + error.type() + "/" + error.code() + " to " + error.destination()
                + " by " + error.offender() + ": " + quoted;
    }

    @ParameterizedTest
    @EnumSource
    void eachErrorIsReportedWithItsDestination(Way way) throws Exception {
        var dead = way.of(NarrowPath.far(way.ipv6, 2));
        var absent = way.of(NarrowPath.far(way.ipv6, 77));
        var prohibited = way.of(NarrowPath.prohibited(way.ipv6));
        var router = way.of(NarrowPath.near(way.ipv6, 2));
        var descriptions = new TreeSet<String>();
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
                descriptions.add(described(error));
            }
        };
        onHost(() -> {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenUdp(0, protocol, way.options());
                port.write("dead".getBytes(ISO_8859_1), dead);
                port.write("absent".getBytes(ISO_8859_1), absent);
                port.write("prohibited".getBytes(ISO_8859_1), prohibited);
                Loop.runUntil(reactor, () -> descriptions.size() == 3);
            }
        });
        assertEquals(
                new TreeSet<>(List.of(
                        line(way.ipv6 ? "ECONNREFUSED 1/4" : "ECONNREFUSED 3/3", dead, dead, "dead"),
                        line(way.ipv6 ? "EHOSTUNREACH 1/3" : "EHOSTUNREACH 3/1", absent, router, "absent"),
                        line(way.ipv6 ? "EACCES 1/1" : "EHOSTUNREACH 3/13", prohibited, router, "prohibited"))),
                descriptions);
    }

    private static String line(String what, SockAddr destination, SockAddr offender, String payload) {
        var by = offender.toString().replace(":" + PORT, ":0");
        return what + " to " + destination + " by " + by + ": " + payload;
    }

    @ParameterizedTest
    @EnumSource
    void anExceededHopLimitIsReported(Way way) throws Exception {
        var far = way.of(NarrowPath.far(way.ipv6, 2));
        var protocol = new ErrorRecorder();
        onHost(() -> {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenUdp(0, protocol, way.options());
                port.socket().set(way.ipv6 ? Ipv6Options.UNICAST_HOPS : IpOptions.TTL, 1);
                port.write("too far".getBytes(ISO_8859_1), far);
                Loop.runUntil(reactor, () -> !protocol.errors.isEmpty());
            }
        });
        var router = way.of(NarrowPath.near(way.ipv6, 2));
        assertEquals(
                List.of(line(way.ipv6 ? "EHOSTUNREACH 3/0" : "EHOSTUNREACH 11/0", far, router, "too far")),
                protocol.errors.stream().map(RouterErrorReceivedTest::described).toList());
    }

    /**
     * The router reports the MTU once. Then the kernel knows it, and a datagram that the kernel refuses itself is
     * reported by writeFailed alone.
     */
    @ParameterizedTest
    @EnumSource
    void theMtuOfANarrowPathIsLearntAndCanBeRead(Way way) throws Exception {
        var narrow = way.of(NarrowPath.far(way.ipv6, way.fresh));
        var mtus = new ArrayList<Integer>();
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
                super.errorReceived(error, transport);
                mtus.add(error.mtu());
                transport.write(new byte[1_400], narrow);
            }

            @Override
            public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport)
                    throws Exception {
                super.writeFailed(destination, length, errno, transport);
                mtus.add(transport.pathMtu(destination));
                transport.write(new byte[PathMtu.largestPayload(mtus.getLast(), destination)], destination);
            }
        };
        onHost(() -> {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenUdp(0, protocol, way.options());
                PathMtu.discovery(port.socket(), PathMtuDiscovery.DO);
                assertEquals(NarrowPath.NEAR_MTU, port.pathMtu(narrow));
                port.write(new byte[1_400], narrow);
                Loop.runUntil(reactor, () -> port.statistics().socket().datagramsSent() == 2);
                // No host has that address: the router says so once its neighbour lookup has timed out.
                var socket = port.statistics().socket();
                assertEquals(1, socket.datagramsFailed());
                assertTrue(socket.errorQueueEntries() > socket.icmpErrors(), "the kernel queued its own refusals");
            }
        });
        assertEquals(List.of(NarrowPath.FAR_MTU, NarrowPath.FAR_MTU), mtus);
        assertEquals(
                List.of("start", "error " + narrow, "failed " + narrow + " 1400 EMSGSIZE", "stop"), protocol.events);
    }

    /** The error arrives about a tenth of a second later, while the loop sleeps, and wakes it with a single event. */
    @ParameterizedTest
    @EnumSource
    void aSleepingLoopIsWokenOnce(Way way) throws Exception {
        var absent = way.of(NarrowPath.far(way.ipv6, 78));
        var polls = new ArrayList<Long>();
        onHost(() -> {
            try (var faulty = new FaultyReactor()) {
                var protocol = new ErrorRecorder() {
                    @Override
                    public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
                        super.errorReceived(error, transport);
                        faulty.reactor.stop();
                    }
                };
                faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
                    polls.add(call.passOn());
                    return polls.getLast();
                });
                var port = faulty.listen(protocol, way.options());
                port.write(new byte[1], absent);
                Loop.run(faulty.reactor);
                assertEquals(List.of("start", "error " + absent, "stop"), protocol.events);
            }
        });
        assertEquals(List.of(1L), polls);
    }
}
