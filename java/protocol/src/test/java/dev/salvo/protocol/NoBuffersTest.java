package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 21: ENOBUFS comes from a queueing discipline, while the socket stays writable. Waiting for EPOLLOUT would be a
 * busy loop, and going on with the next datagram would lose this one: the port retries it on a timer.
 */
@Tag("fault")
class NoBuffersTest {

    /** Each attempt sends twice, because the error may belong to another datagram. Eight refusals are four attempts. */
    private static Answer[] refusals(int errno) {
        var answers = new Answer[8];
        Arrays.fill(answers, Answer.error(errno));
        return answers;
    }

    @ParameterizedTest
    @ValueSource(ints = {105, 12}) // ENOBUFS, ENOMEM
    void aSendWithoutBuffersIsRetriedOnATimer(int errno) throws Exception {
        var expected = new ArrayList<String>();
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var protocol = new Recorder();
            var port = faulty.listen(protocol, Loopback.IPV4.options());
            for (int i = 0; i < 50; i++) {
                expected.add("" + i);
                assertTrue(port.write(expected.getLast().getBytes(ISO_8859_1), peer.address()));
            }
            faulty.kernel.next(Syscall.SENDMMSG, refusals(errno));
            faulty.reactor.callLater(Duration.ofMillis(2), () -> {
                assertTrue(port.write(new byte[]{'w'}, peer.address()));
                expected.add("w");
            });
            faulty.reactor.callLater(Duration.ofMillis(100), faulty.reactor::stop);
            Loop.run(faulty.reactor);
            assertEquals(expected, peer.received());
            assertEquals(List.of("add in", "remove"), faulty.epoll.interests);
            // A busy loop would poll tens of thousands of times in 100 ms; this polls once for each of a few timers.
            assertTrue(faulty.count(Syscall.EPOLL_PWAIT2) < 20, () -> faulty.count(Syscall.EPOLL_PWAIT2) + " polls");
            assertEquals(4, port.statistics().socket().sendsWithoutBuffers());
            assertEquals(51, port.statistics().socket().datagramsSent());
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    /** Received datagrams do not make the port retry earlier. */
    @Test
    void receivedDatagramsDoNotHastenTheRetry() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen((d, transport) -> transport.write(d, d.source()), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            var begun = System.nanoTime();
            faulty.phases(
                    () -> peer.send(port, "a"),
                    () -> peer.send(port, "b"),
                    () -> peer.send(port, "c"),
                    () -> {},
                    () -> {
                        // Two calls at first and two at the end of each wait. The turns take less than one wait,
                        // except on a busy machine.
                        var waits = (System.nanoTime() - begun) / 5_000_000;
                        assertTrue(faulty.count(Syscall.SENDMMSG) <= 2 + 2 * waits);
                    },
                    () -> faulty.kernel.always(Syscall.SENDMMSG, Answer.real()));
            assertEquals(List.of("a", "b", "c"), peer.received());
        }
    }

    /** The batch that holds the failed datagram and the rest is sent several times. */
    @Test
    void anEarlierFailureIsReportedOnce() throws Exception {
        var protocol = new Recorder();
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, Loopback.IPV4.options());
            var nowhere = Loopback.IPV4.address(0);
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EINVAL), Answer.error(Errno.EINVAL));
            faulty.kernel.next(Syscall.SENDMMSG, refusals(Errno.ENOBUFS));
            port.write(new byte[3], nowhere);
            port.write(new byte[]{'a'}, peer.address());
            Loop.runUntil(faulty.reactor, () -> port.statistics().socket().datagramsSent() > 0);
            assertEquals(List.of("start", "failed " + nowhere + " 3 EINVAL", "stop"), protocol.events);
            assertEquals(List.of("a"), peer.received());
        }
    }

    @Test
    void aPortClosedBeforeTheRetryIsLeftAlone() throws Exception {
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            port.write(new byte[]{'a'}, peer.address());
            faulty.reactor.callLater(Duration.ofMillis(1), port::stopListening);
            faulty.reactor.callLater(Duration.ofMillis(20), faulty.reactor::stop);
            Loop.run(faulty.reactor);
            assertEquals(List.of(), log.lines());
            assertEquals(1, port.statistics().datagramsDropped());
        }
    }

    /**
     * The kernel also returns ENOBUFS, every time, for a datagram whose fragments need more than the send buffer. That
     * datagram fails, so that the others do not wait for ever.
     */
    @Test
    void aDatagramThatNeverFindsBuffersFails() throws Exception {
        var protocol = new Recorder();
        try (var faulty = new FaultyReactor()) {
            var port = faulty.listen(protocol, Loopback.IPV4.options().withCoalescing(false));
            var to = Loopback.IPV4.address(9);
            faulty.kernel.always(
                    Syscall.SENDMMSG,
                    Answer.accept(message -> message.payload().equals("too big") ? Errno.ENOBUFS : 0));
            for (var text : List.of("before", "too big", "after")) {
                port.write(text.getBytes(ISO_8859_1), to);
            }
            Loop.runUntil(faulty.reactor, () -> protocol.events.size() > 1);
            assertEquals(List.of("start", "failed " + to + " 7 ENOBUFS", "stop"), protocol.events);
            var arrived = faulty.kernel.arrived().stream().map(SentDatagram::payload).toList();
            assertEquals(List.of("before", "after"), arrived);
            assertEquals(0, port.statistics().datagramsDropped());
        }
    }
}
