package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.option.SocketLevelOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * With a full receive buffer the kernel has no room for an entry of the error queue, and sets the pending error alone
 * (sock_queue_err_skb of net/core/skbuff.c).
 */
@Tag("loopback")
class FullBufferErrorTest {

    private final List<SockAddr> refused = new ArrayList<>();
    private final Recorder protocol = new Recorder() {
        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refused.add(destination);
        }
    };

    /** Opens a port whose receive buffer strangers have filled, and connects it to an address that nobody has. */
    private DatagramTransport full(Reactor reactor, Loopback family, Peer peer, PortOptions options) throws Exception {
        SockAddr deserted;
        try (var gone = Peer.open(family)) {
            deserted = gone.address();
        }
        var port = reactor.listenUdp(0, protocol, options);
        port.socket().set(SocketLevelOptions.RCVBUF, 0);
        for (int i = 0; i < 50; i++) {
            peer.send(port, "from a stranger");
        }
        port.connect(deserted);
        return port;
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalWithoutAnEntryIsReportedOnce(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = full(reactor, family, peer, family.options());
            port.write(new byte[1]);
            port.flush();
            Loop.turns(reactor, 4);
            assertEquals(0, port.statistics().socket().errorQueueEntries(), "there was room for the entry");
            assertEquals(List.of(Objects.requireNonNull(port.peerAddress())), refused);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalWithAnEntryIsReportedOnce(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = full(reactor, family, peer, family.options().withErrors(true));
            Loop.phases(reactor, () -> {}, () -> {
                assertTrue(port.statistics().datagramsFromStrangers() > 0);
                port.write(new byte[1]);
            }, () -> {}, () -> {}, () -> {});
            assertEquals(1, port.statistics().socket().errorQueueEntries());
            assertEquals(1, refused.size());
        }
    }

    /** The error is about the former peer. */
    @ParameterizedTest
    @EnumSource
    void aRefusalOfAFormerPeerIsNotReportedAboutTheNext(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = full(reactor, family, peer, family.options());
            port.write(new byte[1]);
            port.flush();
            port.connect(peer.address());
            Loop.turns(reactor, 4);
            assertEquals(List.of(), refused);
        }
    }
}
