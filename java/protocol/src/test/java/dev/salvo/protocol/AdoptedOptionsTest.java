package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.UdpOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The options of an adopted socket belong to its other owners too: the port leaves them as it found them. */
@Tag("loopback")
class AdoptedOptionsTest {

    private static Map<SockOpt<Boolean>, Boolean> options(UdpSocket socket, Loopback family) throws SyscallException {
        var values = new LinkedHashMap<SockOpt<Boolean>, Boolean>();
        for (var option : List.of(UdpOptions.GRO, IpOptions.MULTICAST_ALL, IpOptions.RECVERR)) {
            values.put(option, socket.get(option));
        }
        if (family == Loopback.IPV6) {
            values.put(Ipv6Options.MULTICAST_ALL, socket.get(Ipv6Options.MULTICAST_ALL));
            values.put(Ipv6Options.RECVERR, socket.get(Ipv6Options.RECVERR));
        }
        return values;
    }

    private static SockOpt<Boolean> recvErr(Loopback family) {
        return family == Loopback.IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR;
    }

    @ParameterizedTest
    @CsvSource({"IPV4, false", "IPV4, true", "IPV6, false", "IPV6, true"})
    void anUnconnectedPortChangesNoOption(Loopback family, boolean unusual) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            parents.set(UdpOptions.GRO, unusual);
            parents.set(IpOptions.MULTICAST_ALL, !unusual);
            parents.set(recvErr(family), unusual);
            var before = options(parents, family);
            var protocol = new Recorder();
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            assertEquals(before, options(parents, family));
            port.write(new byte[]{'a'}, peer.address());
            peer.send(port, "b");
            Loop.phases(reactor, () -> {}, port::stopListening, () -> {});
            assertEquals(List.of("start", "b", "stop"), protocol.events);
            assertEquals(before, options(parents, family));
        }
    }

    @ParameterizedTest
    @EnumSource
    void recvErrIsOnWhileConnectedAndRestoredOnClose(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            var before = options(parents, family);
            var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            port.connect(peer.address());
            assertEquals(true, parents.get(IpOptions.RECVERR));
            assertEquals(true, parents.get(recvErr(family)));
            port.stopListening();
            Loop.turns(reactor, 2);
            assertEquals(before, options(parents, family));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSocketAdoptedConnectedHasRecvErrUntilClose(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            var before = options(parents, family);
            parents.connect(peer.address());
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
                assertEquals(true, parents.get(recvErr(family)));
            }
            assertEquals(before, options(parents, family));
            assertEquals(peer.address(), parents.peerAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectRestoresRecvErr(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            var before = options(parents, family);
            var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            for (int i = 0; i < 2; i++) {
                port.connect(peer.address());
                port.connect(peer.address());
                assertEquals(true, parents.get(recvErr(family)));
                port.disconnect();
                assertEquals(before, options(parents, family));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void recvErrThatWasOnStaysOn(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            parents.set(recvErr(family), true);
            var before = options(parents, family);
            try (var reactor = Reactor.open()) {
                var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
                port.connect(peer.address());
                port.disconnect();
                assertEquals(before, options(parents, family));
                port.connect(peer.address());
            }
            assertEquals(before, options(parents, family));
        }
    }

    /** The option that a connect in startProtocol enabled is restored even if startProtocol then throws. */
    @ParameterizedTest
    @EnumSource
    void aPortThatFailsToStartRestoresRecvErr(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            var before = options(parents, family);
            var protocol = new Recorder() {
                @Override
                public void startProtocol(DatagramTransport transport) throws Exception {
                    transport.connect(peer.address());
                    throw new IllegalStateException("not started");
                }
            };
            assertThrows(
                    IllegalStateException.class, () -> reactor.adoptDatagramPort(parents.descriptor(), protocol));
            assertEquals(before, options(parents, family));
        }
    }

    /** For comparison: a port that the reactor created itself. */
    @ParameterizedTest
    @EnumSource
    void aCreatedPortSetsItsOwnOptions(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, new Recorder(), family.options());
            assertEquals(true, port.socket().get(UdpOptions.GRO));
            assertEquals(false, port.socket().get(IpOptions.MULTICAST_ALL));
            assertEquals(false, port.socket().get(recvErr(family)));
            port.connect(peer.address());
            assertEquals(true, port.socket().get(recvErr(family)));
        }
    }
}
