package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Twisted's internet/test/test_udp_internals, under its names: what a receive call returns, and which calls the
 * protocol gets. Twisted receives one datagram per call until an error ends the turn. Here one call returns many
 * datagrams, and mostly no further call is made to get EAGAIN.
 */
@Tag("fault")
class TwistedUdpInternalsTest {

    private static final class Refusals extends Recorder {
        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            events.add("refused");
        }
    }

    private static DatagramTransport open(FaultyReactor faulty, PortSource source, Loopback family, Recorder protocol)
            throws IOException {
        return faulty.kernel.open(() -> source.open(faulty.reactor, family, protocol));
    }

    /** A receive call that returns these datagrams; the kernel itself has none. */
    private static Answer came(Loopback family, String... payloads) {
        var messages = new Incoming[payloads.length];
        for (int i = 0; i < payloads.length; i++) {
            messages[i] = Incoming.from(family.address(4321), payloads[i]);
        }
        return Answer.deliver(messages);
    }

    /**
     * A turn in which the port is readable and its first receive calls get these answers; after them the kernel has
     * nothing.
     */
    private static Call turn(FaultyReactor faulty, Answer... answers) {
        return () -> {
            faulty.kernel.next(Syscall.RECVMMSG, answers);
            faulty.kernel.next(
                    Syscall.EPOLL_PWAIT2, Answer.ready(faulty.epoll.event(Readiness.READABLE)));
        };
    }

    @EveryWay
    void testSocketReadNormal(PortSource source, Loopback family) throws Exception {
        var protocol = new Refusals();
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            open(faulty, source, family, protocol);
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    turn(faulty, came(family, "result", "123")),
                    turn(faulty, Answer.error(Errno.EAGAIN), came(family, "not in this turn")),
                    turn(faulty),
                    turn(faulty, Answer.error(Errno.EINTR), came(family, "456", "")));
            assertEquals(
                    List.of("start", "result", "123", "not in this turn", "456", "", "stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }

    @EveryWay
    void testReadImmediateError(PortSource source, Loopback family) throws Exception {
        var protocol = new Refusals();
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            open(faulty, source, family, protocol);
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    turn(faulty, Answer.error(Errno.ECONNREFUSED), came(family, "a")),
                    () -> assertEquals(1, faulty.count(Syscall.RECVMMSG), "the error ended the turn"),
                    turn(faulty));
            assertEquals(List.of("start", "a", "stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }

    /** Without an error queue the errno is reported. With one, its entries say more than the errno. */
    @EveryWay
    void testConnectedReadImmediateError(PortSource source, Loopback family) throws Exception {
        var protocol = new Refusals();
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            var port = open(faulty, source, family, protocol);
            faulty.kernel.always(Syscall.SETSOCKOPT, Answer.error(Errno.ENOPROTOOPT));
            port.connect(family.address(4321));
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    turn(faulty, Answer.error(Errno.ECONNREFUSED), came(family, "a")),
                    () -> assertEquals(1, faulty.count(Syscall.RECVMMSG), "the error ended the turn"),
                    turn(faulty),
                    turn(faulty, Answer.error(Errno.ECONNREFUSED)));
            assertEquals(List.of("start", "refused", "a", "refused", "stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }

    /** With a full receive buffer the kernel has no room for an entry in the error queue, and sets the errno alone. */
    @EveryWay
    void anErrnoWithoutAnEntryIsReportedOnce(PortSource source, Loopback family) throws Exception {
        var protocol = new Refusals();
        try (var faulty = new FaultyReactor()) {
            var port = open(faulty, source, family, protocol);
            port.connect(family.address(4321));
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    turn(faulty, Answer.error(Errno.ECONNREFUSED), came(family, "a")),
                    turn(faulty));
            assertEquals(List.of("start", "refused", "a", "stop"), protocol.events);
        }
    }

    /** The error is logged. Twisted's reactor logs it as well, but closes the port. */
    @EveryWay
    void testReadUnknownError(PortSource source, Loopback family) throws Exception {
        var protocol = new Refusals();
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            open(faulty, source, family, protocol);
            faulty.kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
            var many = new String[64];
            Arrays.fill(many, "x");
            faulty.phases(
                    turn(faulty, came(family, many), Answer.error(Errno.EIO)),
                    turn(faulty, came(family, "still open")));
            assertEquals(67, protocol.events.size());
            assertEquals("still open", protocol.events.get(65));
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
    }
}
