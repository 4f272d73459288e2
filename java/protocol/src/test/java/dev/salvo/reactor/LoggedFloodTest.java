package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import dev.salvo.protocol.clock.Call;
import dev.salvo.socket.Datagram;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that make a protocol throw cannot fill the disk with stack traces. Every exception is counted. */
@Tag("loopback")
@Timeout(60)
class LoggedFloodTest {

    private final AtomicLong now = new AtomicLong();

    private static final class Throwing extends Recorder {

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            throw new Exception("no such command");
        }
    }

    @Test
    void tenExceptionsASecondAreLoggedAndAllAreCounted() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = ReactorWith.clock(now::get);
                var peer = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, new Throwing(), Loopback.IPV4.options());
            Loop.phases(
                    reactor,
                    () -> peer.send(port, Collections.nCopies(100, "x").toArray(String[]::new)),
                    () -> {
                        assertEquals(100, port.statistics().callbackFailures());
                        assertEquals(10, log.lines().size());
                        now.addAndGet(1_000_000_000);
                    },
                    () -> {
                        assertEquals("90 more lines were not logged", log.messages().getLast());
                        peer.send(port, Collections.nCopies(50, "x").toArray(String[]::new));
                    },
                    () -> assertEquals(150, port.statistics().callbackFailures()));
            // The end of the loop logs the number that is still missing.
            assertEquals("40 more lines were not logged", log.messages().getLast());
            assertEquals(22, log.lines().size());
        }
    }

    /** A socket that cannot receive does not flood the log either. */
    @Test
    void loggedReceiveErrorsAreLimitedToo() throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor(now::get);
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.ENOMEM));
            peer.send(port, "stays there");
            faulty.turns(30);
            assertEquals(11, log.lines().size());
            assertEquals("20 more lines were not logged", log.messages().getLast());
        }
    }

    @Test
    void startsAndStopsAreAllLogged() throws Exception {
        try (var log = CapturedLog.open(Level.FINE);
                var reactor = ReactorWith.clock(now::get)) {
            for (int i = 0; i < 20; i++) {
                reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options().withCoalescing(false));
            }
            Loop.turns(reactor, 1);
            assertEquals(20, log.messages().stream().filter(line -> line.contains("starting on")).count());
            assertEquals(20, log.messages().stream().filter(line -> line.contains("Closed)")).count());
        }
    }

    @Test
    void anExceptionOfAHookIsLoggedDespiteTheLimit() throws Exception {
        try (var log = CapturedLog.open();
                var reactor = ReactorWith.clock(now::get)) {
            reactor.onShutdown((Call) () -> {
                throw new IllegalStateException("not saved");
            });
            for (int i = 0; i < 20; i++) {
                reactor.callFromThread(() -> {
                    throw new IllegalStateException("again");
                });
            }
            Loop.turns(reactor, 1);
            assertEquals(1, log.lines().stream().filter(line -> line.endsWith("not saved")).count());
            assertEquals(12, log.lines().size());
        }
    }
}
