package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SockAddr;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Salvo does without a feature that an old kernel, a seccomp filter or a sandbox refuses. */
@Tag("fault")
class MissingFeaturesTest {

    private static final DatagramProtocol ECHO = (datagram, transport) -> transport.write(datagram, datagram.source());

    /**
     * GRO and MULTICAST_ALL are the only options that the reactor sets. ENOPROTOOPT is 92, ENOSYS 38, EPERM 1, EINVAL
     * 22.
     */
    @ParameterizedTest
    @CsvSource({"IPV4, 92", "IPV6, 92", "IPV4, 38", "IPV4, 1", "IPV4, 22"})
    void refusedSocketOptionsAreIgnored(Loopback family, int errno) throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(family)) {
            faulty.kernel.always(Syscall.SETSOCKOPT, Answer.error(errno));
            var port = faulty.listen(ECHO, family.options());
            assertEquals(family == Loopback.IPV4 ? 2 : 3, faulty.count(Syscall.SETSOCKOPT));
            faulty.phases(() -> peer.send(port, "a", "b"));
            assertEquals(List.of("a", "b"), peer.received());
            assertEquals(List.of(), log.lines());
        }
    }

    /** epoll_pwait2 exists since Linux 5.11; an older seccomp filter answers EPERM. */
    @ParameterizedTest
    @CsvSource({"38", "1"})
    void withoutEpollPwait2TimeoutsAreRoundedUp(int errno) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            faulty.kernel.always(Syscall.EPOLL_PWAIT2, Answer.error(errno));
            var port = faulty.listen(ECHO, Loopback.IPV4.options());
            peer.send(port, "a");
            var begin = System.nanoTime();
            faulty.reactor.callLater(Duration.ofNanos(20_500_000), faulty.reactor::stop);
            Loop.run(faulty.reactor);
            // Rounded up: after too short a timeout the loop would poll again and again until the timer is due.
            assertTrue(System.nanoTime() - begin >= 20_500_000);
            assertTrue(faulty.count(Syscall.EPOLL_WAIT) <= 4, () -> faulty.count(Syscall.EPOLL_WAIT) + " polls");
            assertEquals(1, faulty.count(Syscall.EPOLL_PWAIT2));
            assertEquals(List.of("a"), peer.received());
        }
    }

    /** Without an error queue only the errno of a call reports a refusal. */
    @ParameterizedTest
    @CsvSource({"IPV4, 92", "IPV6, 92", "IPV4, 1"})
    void withoutAnErrorQueueTheErrnoReportsARefusal(Loopback family, int errno) throws Exception {
        Answer refused = call -> {
            var ip = call.number(1) == Linux.IPPROTO_IP() && call.number(2) == Linux.IP_RECVERR();
            var ipv6 = call.number(1) == Linux.IPPROTO_IPV6() && call.number(2) == Linux.IPV6_RECVERR();
            return ip || ipv6 ? -errno : call.passOn();
        };
        var refusals = new int[1];
        var protocol = new Recorder() {
            @Override
            public void connectionRefused(SockAddr destination, DatagramTransport transport) {
                refusals[0]++;
            }
        };
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            faulty.kernel.always(Syscall.SETSOCKOPT, refused);
            faulty.kernel.always(Syscall.GETSOCKOPT, refused);
            SockAddr deserted;
            try (var gone = Peer.open(family)) {
                deserted = gone.address();
            }
            var port = faulty.listen(protocol, family.options());
            port.connect(deserted);
            faulty.phases(() -> port.write(new byte[1]), () -> {}, () -> {});
            assertEquals(1, refusals[0]);
            assertEquals(List.of(), log.lines());
        }
    }
}
