package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the last flush of a port reads off the error queue is told, before the port is closed. */
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

    /** Of the last there is nobody to read it: a send has the queue read that finds the error of the one before. */
    @ParameterizedTest
    @EnumSource
    void theyAreToldBeforeStopProtocol(Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var dead = dead(family, 3);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, protocol, family.options().withErrors(true).withCoalescing(false));
            dead.forEach(address -> port.write(new byte[1], address));
        }
        assertEquals(
                List.of("start", "error " + dead.get(0), "error " + dead.get(1), "stop"), protocol.events);
    }

    /** They come by when nobody has been told that there is a port. */
    @ParameterizedTest
    @EnumSource
    void aPortThatDidNotStartTellsNothing(Loopback family) throws Exception {
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
