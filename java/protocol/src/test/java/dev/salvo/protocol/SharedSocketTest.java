package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.reactor.ShutDown;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an adopted port does to its socket, and what other owners of the socket do to the port. */
@Tag("loopback")
class SharedSocketTest {

    private static final class Refused extends Recorder {
        int refusals;

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refusals++;
        }
    }

    private static SockAddr deserted(Loopback family) throws IOException {
        try (var gone = Peer.open(family)) {
            return gone.address();
        }
    }

    private static boolean recverr(Loopback family, UdpSocket socket) throws IOException {
        return socket.get(family == Loopback.IPV4 ? IpOptions.RECVERR : Ipv6Options.RECVERR);
    }

    /** The first port enables the error queue, and disables it when it closes. */
    @ParameterizedTest
    @EnumSource
    void refusalsReachTheSecondPortAfterTheFirstHasClosed(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family)) {
            parents.connect(deserted(family));
            var first = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            var protocol = new Refused();
            var second = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            Loop.phases(reactor, () -> first.stopListening(), () -> {}, () -> {
                assertFalse(recverr(family, parents), "restored by the first port");
                second.write(new byte[1]);
            }, () -> {}, () -> {}, () -> assertTrue(protocol.refusals > 0, "reported by the errno"), () -> {
                assertTrue(recverr(family, parents), "the error queue is on again");
                protocol.refusals = 0;
                second.write(new byte[1]);
            }, () -> {}, () -> {}, () -> assertTrue(protocol.refusals > 0, "reported by the error queue"));
            assertFalse(recverr(family, parents), "restored by the second port");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePeerOfTheSocketIsRestoredOnClose(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var peer = Peer.open(family); var other = Peer.open(family)) {
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).connect(other.address());
            }
            assertNull(parents.peerAddress());
            assertFalse(recverr(family, parents));
            parents.connect(peer.address());
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).connect(other.address());
            }
            assertEquals(peer.address(), parents.peerAddress());
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder()).disconnect();
            }
            assertEquals(peer.address(), parents.peerAddress());
        }
    }

    /** epoll reports a socket that is shut down in every poll. */
    @ParameterizedTest
    @EnumSource
    void aSocketShutDownByAnotherOwnerCausesNoBusyLoop(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var log = CapturedLog.open(Level.WARNING)) {
            var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            reactor.callLater(Duration.ofMillis(10), () -> ShutDown.both(parents.descriptor()));
            reactor.callLater(Duration.ofMillis(200), reactor::stop);
            Loop.run(reactor);
            var calls = port.statistics().socket().receiveCalls();
            assertTrue(calls < 10, calls + " receive calls");
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLogPrefixThatThrowsLeavesNothingBehind(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            parents.connect(peer.address());
            var protocol = new Recorder() {
                @Override
                public String logPrefix() {
                    throw new IllegalStateException("no name");
                }
            };
            assertThrows(IllegalStateException.class, () -> reactor.adoptDatagramPort(parents.descriptor(), protocol));
            assertFalse(recverr(family, parents));
            assertEquals(List.of(), protocol.events);
        }
    }
}
