package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.testing.NetNamespace;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For link-local addresses bind and connect set the device themselves. A disconnect keeps only the device that bind
 * set.
 */
@Tag("netns")
class LinkLocalDisconnectTest {

    private static final SockOpt<Integer> DEVICE = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());

    @ParameterizedTest
    @ValueSource(strings = {"fe80::1%cable", "::"})
    void disconnectKeepsTheAddressAndItsScope(String address) throws Exception {
        try (var here = NetNamespace.open();
                var there = NetNamespace.open()) {
            NetNamespace.connect(here, "fe80::1/64", there, "fe80::2/64", 1500);
            here.call(() -> {
                try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
                    socket.bind(SockAddr.of(address, 0));
                    var bound = socket.localAddress();
                    var device = socket.get(DEVICE);
                    var peer = SockAddr.of("fe80::2%cable", 9);
                    for (int i = 0; i < 2; i++) {
                        socket.connect(peer);
                        assertEquals(peer, socket.peerAddress());
                        assertNotEquals(0, socket.get(DEVICE));
                        socket.disconnect();
                        assertEquals(bound, socket.localAddress());
                        assertEquals(device, socket.get(DEVICE));
                    }
                    return null;
                }
            });
        }
    }
}
