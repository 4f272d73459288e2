package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A datagram that the kernel refuses for a reason of its own is reported once, after the flush, and no other datagram
 * fails with it.
 */
@Tag("loopback")
class WriteFailedTest {

    /** No socket has port 0: EINVAL. */
    private static SockAddr nowhere(Loopback family) {
        return family.address(0);
    }

    @ParameterizedTest
    @EnumSource
    void eachFailureIsReportedOnceWithItsLength(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(reactor, () -> {
                port.write(new byte[]{'a'}, peer.address());
                port.write(new byte[10], nowhere(family));
                port.write(new byte[10], nowhere(family));
                port.write(new byte[7], nowhere(family));
                port.write(new byte[]{'b'}, peer.address());
                port.write(new byte[0], nowhere(family));
                port.write(new byte[]{'c'}, peer.address());
                port.flush();
                assertEquals(List.of("start"), protocol.events, "never inside write");
            });
            var failed = "failed " + nowhere(family);
            var expected = List.of(
                    "start", failed + " 10 EINVAL", failed + " 10 EINVAL", failed + " 7 EINVAL", failed + " 0 EINVAL",
                    "stop");
            assertEquals(expected, protocol.events);
            assertEquals(List.of("a", "b", "c"), peer.received());
            assertEquals(4, port.statistics().socket().datagramsFailed());
        }
    }

    /** The broadcast address of the loopback interface has a route everywhere. */
    @Test
    void aBroadcastWithoutPermissionFails() throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol);
            Loop.phases(reactor, () -> port.write(new byte[3], SockAddr.of("127.255.255.255", 9)));
            assertEquals(List.of("start", "failed 127.255.255.255:9 3 EACCES", "stop"), protocol.events);
        }
    }

    /**
     * The next failure is reported in the next turn, after write alone and after a flush too: other ports are served in
     * between.
     */
    @ParameterizedTest
    @EnumSource
    void aRetryInWriteFailedDoesNotBlockOtherPorts(Loopback family) throws Exception {
        for (boolean now : new boolean[]{false, true}) {
            var calls = new int[1];
            var inside = new boolean[1];
            var protocol = new Recorder() {
                @Override
                public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {
                    assertFalse(inside[0], "writeFailed was called inside itself");
                    inside[0] = true;
                    calls[0]++;
                    var payload = new byte[length];
                    assertTrue(transport.write(payload, destination));
                    if (now) {
                        transport.flush();
                    }
                    inside[0] = false;
                }
            };
            try (var log = CapturedLog.open();
                    var reactor = Reactor.open();
                    var peer = Peer.open(family)) {
                var port = reactor.listenUdp(0, protocol, family.options());
                var echo = reactor.listenUdp(0, (d, transport) -> transport.write(d, d.source()), family.options());
                Loop.phases(
                        reactor,
                        () -> port.write(new byte[5], nowhere(family)),
                        () -> peer.send(echo, "alive"),
                        () -> {},
                        () -> {},
                        () -> assertEquals(List.of("alive"), peer.received()));
                assertTrue(calls[0] >= 3 && calls[0] <= 7, calls[0] + " calls in 5 turns");
                assertEquals(List.of(), log.lines());
            }
        }
    }

    /** The loop sends the datagram before it waits, even if it has nothing else to do. */
    @ParameterizedTest
    @EnumSource
    void aWriteToAnotherPortInWriteFailedIsSentAtOnce(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var deputy = reactor.listenUdp(0, (datagram, transport) -> reactor.stop(), family.options());
            var protocol = new Recorder() {
                @Override
                public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {
                    transport.write(new byte[length], deputy.localAddress());
                }
            };
            reactor.listenUdp(0, protocol, family.options()).write(new byte[5], nowhere(family));
            Loop.run(reactor);
            assertEquals(5, deputy.statistics().socket().bytesReceived());
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeFailedMayStopThePort(Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport)
                    throws Exception {
                super.writeFailed(destination, length, errno, transport);
                transport.stopListening();
            }
        };
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> {
                        port.write(new byte[1], nowhere(family));
                        port.write(new byte[2], nowhere(family));
                    },
                    () -> {});
            var failed = "failed " + nowhere(family);
            assertEquals(List.of("start", failed + " 1 EINVAL", failed + " 2 EINVAL", "stop"), protocol.events);
        }
    }

    /** A datagram that fails in the last flush is reported too, before stopProtocol. */
    @ParameterizedTest
    @EnumSource
    void aFailureOnCloseIsReported(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            reactor.listenUdp(0, protocol, family.options()).write(new byte[1], nowhere(family));
        }
        assertEquals(List.of("start", "failed " + nowhere(family) + " 1 EINVAL", "stop"), protocol.events);
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionInWriteFailedSuppressesNoOtherReport(Loopback family) throws Exception {
        var lengths = new ArrayList<Integer>();
        var protocol = new Recorder() {
            @Override
            public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport)
                    throws Exception {
                lengths.add(length);
                throw new Exception("no");
            }
        };
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(reactor, () -> {
                port.write(new byte[1], nowhere(family));
                port.write(new byte[2], nowhere(family));
            });
            assertEquals(List.of(1, 2), lengths);
            assertEquals(2, log.lines().size());
            assertEquals(2, port.statistics().callbackFailures());
        }
    }
}
