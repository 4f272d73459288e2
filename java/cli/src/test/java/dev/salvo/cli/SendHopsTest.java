package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Multicast;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.ThreeCables;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code salvo send --ttl}: the datagram arrives with that number of hops. */
class SendHopsTest {

    private static UdpSocket receiver(SockAddr local) throws Exception {
        var socket = UdpSocket.open(local.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        socket.bind(local);
        socket.set(local.isIpv6() ? Ipv6Options.RECVHOPLIMIT : IpOptions.RECVTTL, true);
        return socket;
    }

    private static void assertArrives(UdpSocket socket, int hops) throws Exception {
        try (var batch = ReceiveBatch.open(1)) {
            assertTrue(socket.awaitReadable(Duration.ofSeconds(20)));
            socket.receive(batch);
            assertNotNull(batch.next());
            var control = batch.control();
            assertTrue(control.next());
            assertEquals(hops, control.getInt(0));
        }
    }

    @Tag("loopback")
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 5", "::1, 6", "127.0.0.1, 255", "::1, 1"})
    void ttlSetsTheHopsToAHost(String address, int hops) throws Exception {
        try (var socket = receiver(SockAddr.of(address, 0))) {
            var to = socket.localAddress().toString();
            assertEquals(0, new Captured().run("send", to, "hello", "--ttl", Integer.toString(hops)));
            assertArrives(socket, hops);
        }
    }

    @Tag("netns")
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 239.1.2.3, 239.1.2.3:%d", "::, ff02::1:7, [ff02::1:7]:%d"})
    void ttlSetsTheHopsToAGroup(String wildcard, String group, String to) throws Exception {
        ThreeCables.run(cables -> {
            try (var socket = receiver(SockAddr.of(wildcard, 0))) {
                Multicast.join(socket, SockAddr.of(group, 0), Multicast.interfaceIndex("cable-b"));
                var destination = to.formatted(socket.localAddress().port());
                assertEquals(0, cables.there.call(() -> new Captured().run(
                        "send", destination, "hello", "--ttl", "7", "--interface", "cable-b")));
                assertArrives(socket, 7);
            }
        });
    }
}
