package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.salvo.linux.Errno;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.SocketError.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A port with errors enabled reports each ICMP error with its destination, connected or not. On loopback ICMP arrives
 * at once.
 */
@Tag("loopback")
class ErrorReceivedTest {

    private static final byte[] PAYLOAD = "to nobody".getBytes(ISO_8859_1);

    /** A local address on which no socket listens any more. */
    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    private static SocketError refused(Loopback family, SockAddr destination, SockAddr offender) {
        var ipv4 = family == Loopback.IPV4;
        return new SocketError(
                Errno.ECONNREFUSED, ipv4 ? Origin.ICMP : Origin.ICMPV6, ipv4 ? 3 : 1, ipv4 ? 3 : 4, 0, destination,
                offender, ByteBuffer.wrap(PAYLOAD));
    }

    @ParameterizedTest
    @CsvSource({"LISTENED, IPV4", "LISTENED, IPV6", "ADOPTED, IPV4", "ADOPTED, IPV6"})
    void anUnconnectedPortReceivesEachError(PortSource source, Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = List.of(dead(family), dead(family));
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol, PortOptions.defaults().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> port.write(PAYLOAD, dead.get(0)),
                    () -> {},
                    () -> port.write(PAYLOAD, dead.get(1)),
                    () -> {},
                    () -> {});
            var here = family.address(0);
            assertEquals(
                    List.of(refused(family, dead.get(0), here), refused(family, dead.get(1), here)), protocol.errors);
            assertEquals(
                    List.of("start", "error " + dead.get(0), "error " + dead.get(1), "stop"), protocol.events);
        }
    }

    /** Trap 7. */
    @Test
    void aDualStackPortReceivesErrorsOfBothFamilies() throws Exception {
        var protocol = new ErrorRecorder();
        var dead6 = dead(Loopback.IPV6);
        var mapped = SockAddr.of("::ffff:127.0.0.1", dead(Loopback.IPV4).port());
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(
                    0, protocol, PortOptions.defaults().withInterface("::").withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        port.write(PAYLOAD, mapped);
                        port.write(PAYLOAD, dead6);
                    },
                    () -> {},
                    () -> {});
            assertEquals(
                    List.of(
                            refused(Loopback.IPV4, mapped, SockAddr.of("::ffff:127.0.0.1", 0)),
                            refused(Loopback.IPV6, dead6, Loopback.IPV6.address(0))),
                    protocol.errors);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheOptionNoErrorIsReported(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options());
            Loop.phases(
                    reactor,
                    () -> port.write(PAYLOAD, dead),
                    () -> port.connect(dead),
                    () -> port.write(PAYLOAD),
                    () -> {},
                    () -> {});
            assertEquals(List.of("start", "refused " + dead, "stop"), protocol.events);
        }
    }

    /** errorReceived is called first, then connectionRefused; for a former peer only errorReceived. */
    @ParameterizedTest
    @EnumSource
    void aConnectedPortGetsBothCallbacksForItsPeer(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var former = dead(family);
        var present = dead(family);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        port.connect(former);
                        port.write(PAYLOAD);
                        port.flush();
                        port.connect(present);
                        port.write(PAYLOAD);
                    },
                    () -> {},
                    () -> {});
            assertEquals(
                    List.of("start", "error " + former, "error " + present, "refused " + present, "stop"),
                    protocol.events);
        }
    }

    /** If the protocol disconnects in errorReceived, connectionRefused is not called. */
    @ParameterizedTest
    @EnumSource
    void aDisconnectInErrorReceivedSuppressesConnectionRefused(Loopback family) throws Exception {
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
                super.errorReceived(error, transport);
                transport.disconnect();
            }
        };
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        port.connect(dead);
                        port.write(PAYLOAD);
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of("start", "error " + dead, "stop"), protocol.events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorReceivedIsNeverCalledInsideAWrite(Loopback family) throws Exception {
        var inside = new boolean[1];
        var where = new ArrayList<Boolean>();
        var transports = new ArrayList<DatagramTransport>();
        DatagramProtocol protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) {
                where.add(inside[0]);
                transports.add(transport);
            }
        };
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        inside[0] = true;
                        for (int i = 0; i < 10; i++) {
                            port.write(PAYLOAD, dead);
                            port.flush();
                        }
                        inside[0] = false;
                    },
                    () -> {},
                    () -> {});
            assertEquals(10, where.size());
            assertEquals(List.of(false), where.stream().distinct().toList());
            assertSame(port, transports.getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionInErrorReceivedIsLoggedAndCounted(Loopback family) throws Exception {
        var protocol = new ErrorRecorder() {
            @Override
            public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
                super.errorReceived(error, transport);
                throw new IllegalStateException("of errorReceived");
            }
        };
        var dead = dead(family);
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true));
            Loop.phases(
                    reactor,
                    () -> {
                        // A longer datagram is not joined to a shorter one.
                        port.write(new byte[1], dead);
                        port.write(PAYLOAD, dead);
                        port.flush();
                    },
                    () -> {},
                    () -> {});
            assertEquals(2, protocol.errors.size());
            assertEquals(2, port.statistics().callbackFailures());
            assertEquals(2, log.lines().size());
        }
    }
}
