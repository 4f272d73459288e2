package dev.salvo.socket;

import static dev.salvo.testing.NarrowPath.FAR_MTU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.testing.NarrowPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The errors of real routers and hosts, each with its sender as the offender and with the quoted datagram. */
@Tag("netns")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RouterErrorsTest {

    private static final int PORT = 4711;
    private static final int LENGTH = 1_250;
    /** The length that Linux quotes: icmp_send sends 576 bytes and icmp6_send 1,280, headers included. */
    private static final int QUOTE = 576 - 20 - 8 - 20 - 8;
    private static final int QUOTE6 = 1_280 - 40 - 8 - 40 - 8;

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

    /** The reason why a destination is unreachable. */
    enum Kind {
        /** The host exists, but no socket is bound to the port. */
        DEAD,
        /** The host does not exist. */
        ABSENT,
        /** There is no route to the network. */
        UNREACHABLE, PROHIBITED,
        /** The hop limit is exceeded. */
        FAR_AWAY;

        String address(boolean ipv6) {
            return switch (this) {
                case DEAD, FAR_AWAY -> NarrowPath.far(ipv6, 2);
                case ABSENT -> NarrowPath.far(ipv6, 77);
                case UNREACHABLE -> NarrowPath.unreachable(ipv6);
                case PROHIBITED -> NarrowPath.prohibited(ipv6);
            };
        }

        String offender(boolean ipv6) {
            return this == DEAD ? address(ipv6) : NarrowPath.near(ipv6, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "IPV4, DEAD, ECONNREFUSED, 3, 3", "MAPPED, DEAD, ECONNREFUSED, 3, 3", "IPV6, DEAD, ECONNREFUSED, 1, 4",
            "IPV4, ABSENT, EHOSTUNREACH, 3, 1", "MAPPED, ABSENT, EHOSTUNREACH, 3, 1",
            "IPV6, ABSENT, EHOSTUNREACH, 1, 3",
            "IPV4, UNREACHABLE, ENETUNREACH, 3, 0", "MAPPED, UNREACHABLE, ENETUNREACH, 3, 0",
            "IPV6, UNREACHABLE, ENETUNREACH, 1, 0",
            "IPV4, PROHIBITED, EHOSTUNREACH, 3, 13", "MAPPED, PROHIBITED, EHOSTUNREACH, 3, 13",
            "IPV6, PROHIBITED, EACCES, 1, 1",
            "IPV4, FAR_AWAY, EHOSTUNREACH, 11, 0", "MAPPED, FAR_AWAY, EHOSTUNREACH, 11, 0",
            "IPV6, FAR_AWAY, EHOSTUNREACH, 3, 0"
    })
    void anErrorIsReportedAsItWasSent(Over over, Kind kind, String errno, int type, int code) throws Exception {
        var ipv6 = over == Over.IPV6;
        var destination = over.of(kind.address(ipv6), PORT);
        var error = path.host.call(() -> {
            try (var socket = over.open();
                    var out = SendBatch.open()) {
                if (kind == Kind.FAR_AWAY) {
                    socket.set(ipv6 ? Ipv6Options.UNICAST_HOPS : IpOptions.TTL, 1);
                }
                Traffic.add(out, Traffic.bytes(LENGTH), destination);
                assertEquals(1, socket.send(out));
                assertEquals(List.of(), out.failures());
                return next(socket);
            }
        });

        assertEquals(errno, Errno.name(error.errno()));
        assertEquals(0, error.mtu());
        var offender = over.of(kind.offender(ipv6), 0);
        assertEquals(
                new SocketError(error.errno(), over.origin, type, code, 0, destination, offender, quote(over, LENGTH)),
                error);
    }

    private static ByteBuffer quote(Over over, int length) {
        return ByteBuffer.wrap(Traffic.bytes(length), 0, over == Over.IPV6 ? QUOTE6 : QUOTE);
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 11, 3, 4", "MAPPED, 12, 3, 4", "IPV6, 11, 2, 0"})
    void theRouterReportsTheMtuOfANarrowPathOnce(Over over, int number, int type, int code) throws Exception {
        var ipv6 = over == Over.IPV6;
        // The kernel keeps the MTU that it learns for each address.
        var destination = over.of(NarrowPath.far(ipv6, number), PORT);
        path.host.call(() -> {
            try (var socket = over.open();
                    var out = SendBatch.open()) {
                PathMtu.discovery(socket, PathMtuDiscovery.DO);
                Traffic.add(out, Traffic.bytes(1400), destination);
                assertEquals(1, socket.send(out));
                assertEquals(List.of(), out.failures());
                var error = next(socket);
                assertEquals(FAR_MTU, error.mtu());
                var router = over.of(NarrowPath.near(ipv6, 2), 0);
                assertEquals(
                        new SocketError(Errno.EMSGSIZE, over.origin, type, code, FAR_MTU, destination, router,
                                quote(over, 1400)),
                        error);

                // From now on the host itself knows the MTU and refuses at once.
                Traffic.add(out, Traffic.bytes(1400), destination);
                assertEquals(1, socket.send(out));
                assertEquals(List.of(new SendFailure(destination, 1400, Errno.EMSGSIZE)), out.failures());
                socket.drainErrors();
                assertTrue(socket.statistics().errorQueueEntries() > 1, "the kernel did not queue it");
                assertNull(socket.nextError());
                return null;
            }
        });
    }

    private static SocketError next(UdpSocket socket) throws SyscallException {
        assertTrue(socket.awaitReadable(Duration.ofSeconds(10)), "no ICMP error came");
        socket.drainErrors();
        return Objects.requireNonNull(socket.nextError(), "an entry, but no ICMP error");
    }
}
