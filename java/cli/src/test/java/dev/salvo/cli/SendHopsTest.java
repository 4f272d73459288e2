package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code salvo send --ttl}, to hosts. */
@Tag("loopback")
class SendHopsTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 5", "::1, 6", "127.0.0.1, 255", "::1, 1"})
    void theDatagramHasThem(String address, int hops) throws Exception {
        var local = SockAddr.of(address, 0);
        var family = local.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        try (var socket = UdpSocket.open(family);
                var batch = ReceiveBatch.open(1)) {
            socket.bind(local);
            socket.set(local.isIpv6() ? Ipv6Options.RECVHOPLIMIT : IpOptions.RECVTTL, true);
            assertEquals(0, new Captured().run(
                    "send", socket.localAddress().toString(), "hello", "--ttl", Integer.toString(hops)));
            assertTrue(socket.awaitReadable(Duration.ofSeconds(20)));
            socket.receive(batch);
            assertNotNull(batch.next());
            var control = batch.control();
            assertTrue(control.next());
            assertEquals(hops, control.getInt(0));
        }
    }
}
