package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A datagram that the kernel refuses is logged unless the protocol handles the failure. */
@Tag("loopback")
class WriteFailedLogTest {

    private static final SockAddr PORT_ZERO = SockAddr.of("127.0.0.1", 0);

    private static List<String> logged(DatagramProtocol protocol, int writes) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING)) {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenUdp(0, protocol, Loopback.IPV4.options());
                Loop.phases(reactor, () -> {
                    for (int i = 0; i < writes; i++) {
                        port.write(new byte[3], PORT_ZERO);
                    }
                }, () -> {});
                assertEquals(writes, port.statistics().socket().datagramsFailed());
                assertEquals(0, port.statistics().callbackFailures());
            }
            return log.messages();
        }
    }

    /** A lambda can't override writeFailed. */
    @Test
    void aFailedWriteOfALambdaIsLogged() throws Exception {
        var lines = logged((datagram, transport) -> {}, 1);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().matches(
                ".* on 127\\.0\\.0\\.1:\\d+: sendmmsg of 3 bytes to 127\\.0\\.0\\.1:0: EINVAL \\(invalid argument\\)"),
                lines::toString);
    }

    @Test
    void aFloodOfFailedWritesIsLoggedTenTimesASecond() throws Exception {
        var lines = logged((datagram, transport) -> {}, 500);
        assertTrue(lines.size() < 40, () -> lines.size() + " lines");
        assertTrue(lines.getLast().endsWith("more lines were not logged"), lines::toString);
    }

    @Test
    void aProtocolThatHandlesTheFailureIsNotLogged() throws Exception {
        assertEquals(List.of(), logged(new Recorder(), 1));
    }

    /** The method is inherited from a class of the program. */
    @Test
    void aSubclassOfSuchAProtocolIsNotLoggedEither() throws Exception {
        assertEquals(List.of(), logged(new Recorder() {
        }, 1));
    }
}
