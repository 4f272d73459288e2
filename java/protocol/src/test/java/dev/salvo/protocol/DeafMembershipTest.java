package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.Ipv6Options;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A port does not join a group whose datagrams it could not receive. The kernel would. */
@Tag("loopback")
class DeafMembershipTest {

    private static final String LO = "lo";

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 239.1.2.1", "::1, ff15::4:1", "::1, 239.1.2.1", "::ffff:127.0.0.1, 239.1.2.1",
            "239.1.2.2, 239.1.2.1", "127.255.255.255, 239.1.2.1", "::ffff:0.0.0.0, ff15::4:1"})
    void aPortOnAnotherAddressRefuses(String address, String group) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenMulticast(
                    0, new Recorder(), PortOptions.defaults().withInterface(address));
            var refused = assertThrows(IllegalStateException.class, () -> port.joinGroup(group, LO));
            assertEquals(
                    "a port on " + port.localAddress().host() + " receives nothing that is sent to "
                            + SockAddr.of(group, 0).host()
                            + ": it must listen on the wildcard address, and not be connected",
                    refused.getMessage());
            var source = group.contains(":") ? "2001:db8::1" : "192.0.2.1";
            assertThrows(IllegalStateException.class, () -> port.joinSource(group, source, LO));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 239.1.2.1", "239.1.2.1, 239.1.2.1", "::, ff15::4:1", "ff15::4:1, ff15::4:1",
            "::, 239.1.2.1", "ff12::4:1%lo, ff12::4:1%lo", "::ffff:239.1.2.1, 239.1.2.1", "::ffff:0.0.0.0, 239.1.2.1"})
    void aPortOnTheWildcardOrOnTheGroupJoins(String address, String group) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenMulticast(
                    0, new Recorder(), PortOptions.defaults().withInterface(address));
            assertEquals(1, port.joinGroup(group, LO));
            port.leaveGroup(group, LO);
        }
    }

    /** Connecting gives it the address of its route. */
    @ParameterizedTest
    @CsvSource({"IPV4, 0.0.0.0, 239.1.2.1", "IPV6, ::, ff15::4:1"})
    void aConnectedPortRefusesUntilItIsDisconnected(Loopback family, String any, String group) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = reactor.listenMulticast(0, new Recorder(), PortOptions.defaults().withInterface(any));
            port.connect(peer.address());
            assertThrows(IllegalStateException.class, () -> port.joinGroup(group, LO));
            port.disconnect();
            port.joinGroup(group, LO);
        }
    }

    @Test
    void aPortForIpv6AloneRefusesIpv4Groups() throws Exception {
        try (var reactor = Reactor.open(); var parents = UdpSocket.open(StandardProtocolFamily.INET6)) {
            parents.set(Ipv6Options.V6ONLY, true);
            parents.bind(SockAddr.of("::", 0));
            var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            assertThrows(IllegalStateException.class, () -> port.joinGroup("239.1.2.1", LO));
            port.joinGroup("ff15::4:1", LO);
        }
    }
}
