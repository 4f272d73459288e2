package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.reactor.ReactorGroup;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a port for each family: both have the same number, and each hears its own family. */
@Tag("loopback")
class V6OnlyTest {

    private static final PortOptions IPV4 = PortOptions.defaults().withInterface("0.0.0.0");
    private static final PortOptions BOTH = PortOptions.defaults().withInterface("::");
    private static final PortOptions IPV6 = BOTH.withV6Only(true);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachFamilyHasAPortOfTheSameNumber(boolean ipv6First) throws Exception {
        var ipv4 = new Recorder();
        var ipv6 = new Recorder();
        try (var reactor = Reactor.open();
                var peer4 = Peer.open(Loopback.IPV4);
                var peer6 = Peer.open(Loopback.IPV6)) {
            var first = reactor.listenUdp(0, ipv6First ? ipv6 : ipv4, ipv6First ? IPV6 : IPV4);
            var number = first.localAddress().port();
            reactor.listenUdp(number, ipv6First ? ipv4 : ipv6, ipv6First ? IPV4 : IPV6);
            peer4.send(Loopback.IPV4.address(number), "four".getBytes(StandardCharsets.US_ASCII));
            peer6.send(Loopback.IPV6.address(number), "six".getBytes(StandardCharsets.US_ASCII));
            Loop.turns(reactor, 2);
        }
        assertEquals(List.of("start", "four", "stop"), ipv4.events);
        assertEquals(List.of("start", "six", "stop"), ipv6.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTheOptionAPortOnTheIpv6WildcardTakesTheNumberOfBoth(boolean ipv6First) throws Exception {
        try (var reactor = Reactor.open()) {
            var number = reactor.listenUdp(0, new Recorder(), ipv6First ? BOTH : IPV4).localAddress().port();
            var taken = assertThrows(CannotListenException.class,
                    () -> reactor.listenUdp(number, new Recorder(), ipv6First ? IPV4 : BOTH));
            assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, taken.getCause()).errno());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aGroupHasTheOption(int members) throws Exception {
        try (var group = ReactorGroup.open(members); var ipv4 = UdpSocket.open(StandardProtocolFamily.INET)) {
            var ports = group.listenUdp(0, member -> new Recorder(), IPV6);
            ipv4.bind(SockAddr.of("0.0.0.0", ports.getFirst().localAddress().port()));
        }
    }

    @Test
    void ipv4AddressesAreRefused() throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), IPV6);
            var to = SockAddr.of("127.0.0.1", 9);
            assertThrows(InvalidAddressException.class, () -> port.write(new byte[1], to));
            assertThrows(InvalidAddressException.class, () -> port.connect(to));
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "0.0.0.0", "127.0.0.1"})
    void anIpv4PortCantHaveTheOption(String literal) throws Exception {
        try (var reactor = Reactor.open()) {
            var options = IPV6.withInterface(literal);
            assertThrows(IllegalArgumentException.class, () -> reactor.listenUdp(0, new Recorder(), options));
        }
    }

    @Test
    void anAdoptedSocketCantHaveTheOption() throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(Loopback.IPV6)) {
            var options = PortOptions.defaults().withV6Only(true);
            assertThrows(IllegalArgumentException.class,
                    () -> reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), options));
        }
    }
}
