package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors that the last flush of a port reads from the error queue are reported before the port is closed. */
@Tag("loopback")
class ErrorsOnCloseTest {

    private static List<SockAddr> dead(Loopback family, int count) throws Exception {
        var addresses = new ArrayList<SockAddr>();
        for (int i = 0; i < count; i++) {
            try (var peer = Peer.open(family)) {
                addresses.add(peer.address());
            }
        }
        return addresses;
    }

    /**
     * The error of the last datagram is not read: a send reads the queue when it meets the error of the previous
     * datagram.
     */
    @ParameterizedTest
    @EnumSource
    void errorsAreReportedBeforeStopProtocol(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family, 3);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true).withCoalescing(false));
            dead.forEach(address -> port.write(new byte[1], address));
        }
        assertEquals(
                List.of("start", "error " + dead.get(0), "error " + dead.get(1), "stop"), protocol.events);
    }

    /** The errors are read after startProtocol has thrown, when the protocol has no port. */
    @ParameterizedTest
    @EnumSource
    void aPortThatFailedToStartReportsNoErrors(Loopback family) throws Exception {
        var dead = dead(family, 3);
        var protocol = new ErrorRecorder() {
            @Override
            public void startProtocol(DatagramTransport transport) throws Exception {
                dead.forEach(address -> transport.write(new byte[1], address));
                throw new IllegalStateException("no");
            }
        };
        var options = family.options().withErrors(true).withCoalescing(false);
        try (var reactor = Reactor.open()) {
            assertThrows(IllegalStateException.class, () -> reactor.listenUdp(0, protocol, options));
        }
        assertEquals(List.of(), protocol.events);
    }
}
