package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twisted's test_udp_internals: an error of a receive call ends receiving for this turn, but the port stays open and
 * later datagrams are received.
 */
@Tag("fault")
class ReceiveErrorTest {

    private static List<String> received(FaultyReactor faulty, Peer peer) throws Exception {
        var protocol = new Recorder();
        var port = faulty.listen(protocol, Loopback.IPV4.options());
        faulty.phases(() -> peer.send(port, "a", "b"), () -> peer.send(port, "c"), () -> {});
        return protocol.events;
    }

    /**
     * ECONNREFUSED, EHOSTUNREACH, ENETUNREACH and EPROTO belong to a datagram that was sent. Returning the error clears
     * it.
     */
    @ParameterizedTest
    @ValueSource(ints = {111, 113, 101, 71})
    void anIcmpErrorIsNotLogged(int errno) throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            faulty.kernel.next(Syscall.RECVMMSG, Answer.error(errno));
            assertEquals(List.of("start", "a", "b", "c", "stop"), received(faulty, peer));
            assertEquals(List.of(), log.lines());
        }
    }

    @Test
    void aSignalIsIgnored() throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            faulty.kernel.next(Syscall.RECVMMSG, Answer.error(Errno.EINTR), Answer.error(Errno.EINTR));
            faulty.kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.EINTR));
            assertEquals(List.of("start", "a", "b", "c", "stop"), received(faulty, peer));
            assertEquals(List.of(), log.lines());
        }
    }

    @Test
    void anyOtherErrorIsLogged() throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            faulty.kernel.next(Syscall.RECVMMSG, Answer.error(Errno.EIO));
            assertEquals(List.of("start", "a", "b", "c", "stop"), received(faulty, peer));
            assertEquals(1, log.lines().size());
            assertEquals("EIO (input or output error)", log.lines().getFirst().replaceFirst(".*recvmmsg: ", ""));
        }
    }
}
