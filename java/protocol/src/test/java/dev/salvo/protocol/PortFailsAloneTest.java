package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.option.IpOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port whose own calls fail for ever ends alone and once, with a sentence; the other ports go on. */
@Tag("fault")
class PortFailsAloneTest {

    private static final PortOptions IPV4 = Loopback.IPV4.options();

    /** Answers the calls on one descriptor. */
    private static Answer on(DatagramTransport port, Answer answer) {
        var descriptor = port.socket().descriptor();
        return call -> call.fd() == descriptor ? answer.to(call) : call.passOn();
    }

    private final Recorder bad = new Recorder();
    private final Recorder good = new Recorder();

    /** An address that nobody listens on. */
    private static SockAddr deserted() throws IOException {
        try (var gone = Peer.open(Loopback.IPV4)) {
            return gone.address();
        }
    }

    private void expect(List<String> events, CapturedLog log, String sentence) {
        assertEquals(events, bad.events);
        assertEquals(List.of("start", "to good"), good.events);
        assertEquals(1, log.messages().size(), log.messages()::toString);
        assertTrue(log.messages().getFirst().matches("Recorder on 127.0.0.1:\\d+ ends: " + sentence),
                log.messages()::toString);
    }

    /** ENOSYS and EPERM of a seccomp filter, EINVAL, EBADF and ENOTSOCK of a descriptor that was closed. */
    @ParameterizedTest
    @ValueSource(ints = {38, 1, 22, 9, 88})
    void aRefusedReceiveCallEndsThePort(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(bad, IPV4);
            var other = faulty.listen(good, IPV4);
            faulty.kernel.always(Syscall.RECVMMSG, on(port, Answer.error(errno)));
            faulty.phases(() -> peer.send(port, "to bad"), () -> {}, () -> {}, () -> peer.send(other, "to good"),
                    () -> {}, () -> {
                        assertEquals(2, faulty.count(Syscall.RECVMMSG));
                        expect(List.of("start", "stop"), log, "recvmmsg: " + Errno.name(errno) + " .*");
                    });
        }
    }

    /** Errors that an ICMP message causes pass; a security module that answers one of them for ever does not. */
    @ParameterizedTest
    @ValueSource(ints = {13, 12, 5})
    void aReceiveCallThatFailsForEverEndsThePort(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(bad, IPV4);
            faulty.listen(good, IPV4);
            faulty.kernel.always(Syscall.RECVMMSG, on(port, Answer.error(errno)));
            peer.send(port, "to bad");
            faulty.turns(150);
            assertEquals(List.of("start", "stop"), bad.events);
            assertEquals(List.of("start", "stop"), good.events);
            assertEquals(100, faulty.count(Syscall.RECVMMSG));
            var lines = log.messages();
            var sentence = " ends: recvmmsg: " + Errno.name(errno);
            assertEquals(1, lines.stream().filter(line -> line.contains(sentence)).count(), lines::toString);
            // At most ten of the single errors, and how many more there were.
            assertTrue(lines.size() <= 12, lines::toString);
        }
    }

    /** No such call, or the descriptor was closed. */
    @ParameterizedTest
    @ValueSource(ints = {38, 9, 88})
    void aRefusedSendCallEndsThePort(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(bad, IPV4);
            var other = faulty.listen(good, IPV4);
            faulty.kernel.always(Syscall.SENDMMSG, on(port, Answer.error(errno)));
            faulty.phases(() -> port.write(new byte[7], peer.address()), () -> {},
                    () -> peer.send(other, "to good"), () -> {}, () -> {
                        var failed = "failed " + peer.address() + " 7 " + Errno.name(errno);
                        expect(List.of("start", failed, "stop"), log, "sendmmsg: " + Errno.name(errno) + " .*");
                    });
        }
    }

    /** EPERM is also what a firewall's rule causes, and EINVAL what port 0 does: they are the datagram's own. */
    @ParameterizedTest
    @ValueSource(ints = {1, 22})
    void anErrorOfOneDatagramIsReportedAndThePortGoesOn(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(bad, IPV4);
            faulty.kernel.always(Syscall.SENDMMSG, on(port, Answer.error(errno)));
            faulty.phases(() -> port.write(new byte[7], peer.address()), () -> peer.send(port, "a"), () -> {}, () -> {
                assertEquals(List.of("start", "failed " + peer.address() + " 7 " + Errno.name(errno), "a"), bad.events);
                assertEquals(List.of(), log.messages());
            });
        }
    }

    /** What is queued would wait for EPOLLOUT for ever. */
    @Test
    void aPortThatCannotBeWatchedForWritingEnds() throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(bad, IPV4);
            var other = faulty.listen(good, IPV4);
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.kernel.always(Syscall.EPOLL_CTL, call -> call.number(1) == Linux.EPOLL_CTL_MOD()
                    ? -Errno.EPERM
                    : call.passOn());
            faulty.phases(() -> port.write(new byte[]{'w'}, peer.address()), () -> {},
                    () -> peer.send(other, "to good"), () -> {}, () -> {
                        expect(List.of("start", "stop"), log, "epoll_ctl: EPERM .*");
                        assertEquals(List.of("w"), peer.received());
                    });
        }
    }

    /**
     * epoll reports the entry for ever. A connected port asks at connect, and does without the queue; a port that asks
     * for errors can't be opened.
     */
    @ParameterizedTest
    @ValueSource(ints = {38, 1, 22})
    void anErrorQueueThatCannotBeReadIsNotUsed(int errno) throws Exception {
        var refused = new int[1];
        var protocol = new Recorder() {
            @Override
            public void connectionRefused(SockAddr destination, DatagramTransport transport) {
                refused[0]++;
            }
        };
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor()) {
            faulty.kernel.always(Syscall.RECVMSG, Answer.error(errno));
            var thrown = assertThrows(CannotListenException.class,
                    () -> faulty.listen(bad, IPV4.withErrors(true)));
            assertTrue(thrown.toString().contains("recvmsg from the error queue: " + Errno.name(errno)),
                    thrown.toString());
            var port = faulty.listen(protocol, IPV4);
            var deserted = deserted();
            port.connect(deserted);
            faulty.phases(() -> port.write(new byte[1]), () -> {}, () -> {}, () -> {
                assertEquals(1, refused[0]);
                assertTrue(faulty.count(Syscall.EPOLL_PWAIT2) < 10);
            });
            assertEquals(List.of(), log.messages());
        }
    }

    /**
     * Another holder has switched the queue on, so its entries can't be avoided. A filter may refuse with any errno,
     * for instance with EACCES, which an ICMPv6 error has, too.
     */
    @ParameterizedTest
    @ValueSource(ints = {38, 13})
    void anErrorQueueThatAnotherHolderUsesAndThatCannotBeReadEndsThePort(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor()) {
            var port = faulty.listen(bad, IPV4);
            port.socket().set(IpOptions.RECVERR, true);
            faulty.kernel.always(Syscall.RECVMSG, Answer.error(errno));
            faulty.kernel.always(Syscall.GETSOCKOPT, Answer.error(errno));
            var deserted = deserted();
            port.write(new byte[1], deserted);
            port.flush();
            faulty.turns(150);
            assertEquals(List.of("start", "stop"), bad.events);
            assertEquals(1, log.messages().size(), log.messages()::toString);
            assertTrue(log.messages().getFirst().contains(
                    " ends: recvmsg from the error queue: " + Errno.name(errno)),
                    log.messages()::toString);
        }
    }

    /** Any receive call returns and clears the pending error. */
    @ParameterizedTest
    @ValueSource(ints = {38, 1, 22})
    void aPendingErrorIsClearedWithoutGetsockopt(int errno) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor()) {
            var port = faulty.listen(bad, IPV4);
            var deserted = deserted();
            port.socket().connect(deserted);
            faulty.kernel.always(Syscall.GETSOCKOPT, Answer.error(errno));
            try (var batch = SendBatch.open()) {
                batch.add(new byte[1], null);
                port.socket().send(batch);
            }
            faulty.kernel.forget();
            faulty.turns(10);
            // Of the error queue, the pending error, and at the end.
            assertTrue(faulty.count(Syscall.RECVMSG) <= 3, () -> faulty.count(Syscall.RECVMSG) + " calls");
            assertEquals(List.of(), log.messages());
        }
    }

    /** epoll watches the file, and the test's duplicate keeps it open; epoll_ctl can't remove what has no number. */
    @ParameterizedTest
    @EnumSource
    void aDescriptorClosedByNumberEndsItsPortAloneAndNothingSpins(Loopback family) throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var parents = PortSource.bound(family);
                var peer = Peer.open(family)) {
            var port = faulty.kernel.open(() -> faulty.reactor.adoptDatagramPort(parents.descriptor(), bad));
            var other = faulty.listen(good, family.options());
            var number = port.socket().descriptor();
            faulty.phases(() -> {
                assertEquals(0, Kernels.current().close(number));
                peer.send(port, "to bad");
            }, () -> {}, () -> {}, () -> peer.send(other, "to good"), () -> {});
            assertEquals(List.of("start", "stop"), bad.events);
            assertEquals(List.of("start", "to good", "stop"), good.events);
            assertEquals(1, log.messages().size(), log.messages()::toString);
            assertTrue(log.messages().getFirst().contains(" ends: recvmmsg: EBADF"), log.messages()::toString);
            // The test's own call. By the time of another one, another thread may have opened a file under the number.
            assertEquals(1, faulty.kernel.calls(Syscall.CLOSE).stream().filter(c -> c.fd() == number).count());
        }
    }

    @Test
    void theLoopSleepsAfterADescriptorWasClosedByNumber() throws Exception {
        try (var log = CapturedLog.open(Level.WARNING);
                var faulty = new FaultyReactor();
                var parents = PortSource.bound(Loopback.IPV4);
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.kernel.open(() -> faulty.reactor.adoptDatagramPort(parents.descriptor(), bad));
            Kernels.current().close(port.socket().descriptor());
            peer.send(port, "to bad");
            faulty.reactor.callLater(Duration.ofMillis(200), faulty.reactor::stop);
            Loop.run(faulty.reactor);
            assertTrue(faulty.count(Syscall.EPOLL_PWAIT2) < 12, () -> faulty.count(Syscall.EPOLL_PWAIT2) + " polls");
            assertEquals(1, log.messages().size(), log.messages()::toString);
        }
    }
}
