package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.NetNamespace;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A router's ICMP errors, with the router as offender. */
@Tag("netns")
class RouterErrorsTest {

    private static final int FAR_MTU = 1300;
    private static final int PORT = 4711;

    /** A host and its router, which has no way to the third network or a narrow one. */
    private static final class Network implements AutoCloseable {

        final NetNamespace host = NetNamespace.open();
        final NetNamespace router = NetNamespace.open();
        private final boolean ipv6;

        Network(Over over) throws Exception {
            ipv6 = over.origin == SocketError.Origin.ICMPV6;
            try {
                join();
            } catch (Exception e) {
                close();
                throw e;
            }
        }

        private void join() throws Exception {
            NetNamespace.connect(host, near("1") + prefix(), router, near("2") + prefix(), 1500);
            host.in("route", "add", far("0") + prefix(), "via", near("2"));
            router.sysctl("net/ipv4/ip_forward", 1);
            router.sysctl("net/ipv4/icmp_ratelimit", 0);
            router.sysctl("net/ipv6/conf/all/forwarding", 1);
            router.sysctl("net/ipv6/icmp/ratelimit", 0);
        }

        String near(String number) {
            return (ipv6 ? "2001:db8:1::" : "192.0.2.") + number;
        }

        String far(String number) {
            return (ipv6 ? "2001:db8:2::" : "198.51.100.") + number;
        }

        String prefix() {
            return ipv6 ? "/64" : "/24";
        }

        void refuse(String kind) throws IOException {
            router.in("route", "add", kind, far("0") + prefix());
        }

        void narrow() throws IOException {
            router.in("link", "add", "far", "mtu", Integer.toString(FAR_MTU), "type", "veth", "peer", "name", "end");
            router.in("link", "set", "end", "up");
            router.in("link", "set", "far", "up");
            router.in("route", "add", far("0") + prefix(), "dev", "far");
        }

        @Override
        public void close() throws IOException {
            try (host; router) {
                // Both, also where the first fails.
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
            "IPV4, prohibit, EHOSTUNREACH, 3, 13", "MAPPED, prohibit, EHOSTUNREACH, 3, 13",
            "IPV6, prohibit, EACCES, 1, 1", "IPV4, unreachable, EHOSTUNREACH, 3, 1",
            "MAPPED, unreachable, EHOSTUNREACH, 3, 1", "IPV6, unreachable, ENETUNREACH, 1, 0"
    })
    void whatARouterRefusesIsToldAsItSaysIt(Over over, String kind, String errno, int type, int code)
            throws Exception {
        try (var network = new Network(over)) {
            network.refuse(kind);
            var destination = over.of(network.far("9"), PORT);
            var error = network.host.call(() -> {
                try (var socket = over.open();
                        var out = SendBatch.open()) {
                    Traffic.add(out, destination, "to nowhere");
                    assertEquals(1, socket.send(out));
                    return next(socket);
                }
            });

            assertEquals(errno, Errno.name(error.errno()));
            var router = over.of(network.near("2"), 0);
            assertEquals(
                    new SocketError(error.errno(), over.origin, type, code, 0, destination, router), error);
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 3, 4", "MAPPED, 3, 4", "IPV6, 2, 0"})
    void theMtuOfANarrowPathIsToldOnceByTheRouter(Over over, int type, int code) throws Exception {
        try (var network = new Network(over)) {
            network.narrow();
            var destination = over.of(network.far("9"), PORT);
            network.host.call(() -> {
                try (var socket = over.open();
                        var out = SendBatch.open()) {
                    socket.set(over == Over.IPV6 ? Ipv6Options.MTU_DISCOVER : IpOptions.MTU_DISCOVER,
                            PathMtuDiscovery.DO);
                    Traffic.add(out, Traffic.bytes(1400), destination);
                    assertEquals(1, socket.send(out));
                    assertEquals(List.of(), out.failures());
                    var router = over.of(network.near("2"), 0);
                    assertEquals(
                            new SocketError(Errno.EMSGSIZE, over.origin, type, code, FAR_MTU, destination, router),
                            next(socket));

                    // From now on the host itself knows, and refuses at once.
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
    }

    private static SocketError next(UdpSocket socket) throws SyscallException {
        assertTrue(socket.awaitReadable(Duration.ofSeconds(10)), "no ICMP error came");
        socket.drainErrors();
        return Objects.requireNonNull(socket.nextError(), "an entry, but no ICMP error");
    }
}
