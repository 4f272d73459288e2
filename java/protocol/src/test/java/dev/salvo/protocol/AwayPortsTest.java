package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Errno;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A port that sends turn after turn is out of epoll's set, and is told all that epoll would tell it. */
@Tag("fault")
class AwayPortsTest extends BusyLoop {

    @Test
    void itTakesSixteenTurns() throws Exception {
        var port = listen(recorder);
        var fewer = sequence(Collections.nCopies(TURNS - 1, write(port)), sending(port, interests(IN)));
        phases(sequence(fewer, interests(IN, OUT)));
    }

    @Test
    void aWaitBeginsThemAnew() throws Exception {
        var port = listen(recorder);
        var turns = Collections.nCopies(TURNS - 2, write(port));
        phases(sequence(sequence(sequence(turns, sending(port, pause)), turns.toArray(Call[]::new)), interests(IN)));
    }

    @Test
    void aTurnWithoutASendBeginsThemAnew() throws Exception {
        var port = listen(recorder);
        var turns = Collections.nCopies(TURNS - 1, write(port));
        phases(sequence(sequence(sequence(turns, () -> {}), turns.toArray(Call[]::new)), interests(IN)));
    }

    /** However busy others keep the loop. */
    @Test
    void onlyWhoSendsInEachTurnIsTakenOut() throws Exception {
        var port = listen(recorder);
        var other = faulty.listen(new Recorder(), Loopback.IPV4.options());
        Call both = sending(port, write(other));
        phases(sequence(
                sequence(Collections.nCopies(TURNS - 1, both), write(port), both),
                sending(port, interests(IN, IN, OUT)),
                both,
                // The one that was taken out sends no more, and the other goes on.
                write(other),
                interests(IN, IN, OUT, IN)));
    }

    @Test
    void theLoopPutsItBackBeforeItWaits() throws Exception {
        var port = listen(recorder);
        var atWaits = new ArrayList<List<String>>();
        atEachPoll(timeout -> {
            if (timeout != 0) {
                atWaits.add(List.copyOf(faulty.epoll.interests));
            }
        });
        phases(busy(port, sending(port, pause), () -> {
            assertEquals(List.of(IN, OUT, IN), atWaits.getFirst());
            peer.send(port, "after");
        }, pause, expect("start", "after")));
    }

    /** It stays in the set, be it the last turn. */
    @Test
    void whatIsThereWhenItWouldLeaveIsReceived() throws Exception {
        var port = listen(recorder);
        var turns = Collections.nCopies(TURNS - 1, write(port));
        phases(sequence(sequence(turns, sending(port, () -> peer.send(port, "last"))), () -> {
            expect("start", "last").run();
            interests(IN).run();
        }));
    }

    @Test
    void onlyAFewLeave() throws Exception {
        var port = listen(recorder);
        Call all = write(port);
        for (int i = 0; i < 9; i++) {
            all = sending(faulty.listen(new Recorder(), Loopback.IPV4.options()), all);
        }
        phases(sequence(Collections.nCopies(2 * TURNS, all), () -> assertEquals(
                4, faulty.epoll.interests.stream().filter(OUT::equals).count())));
    }

    /** It is put back for that, and epoll tells. */
    @Test
    void whatComesMeanwhileIsReceivedInTheSameTurn() throws Exception {
        var port = listen(recorder);
        phases(busy(port,
                sending(port, () -> peer.send(port, "one")),
                sending(port, () -> {
                    expect("start", "one").run();
                    interests(IN, OUT, IN).run();
                    peer.send(port, "two", "three");
                }),
                sending(port, expect("start", "one", "two", "three")),
                interests(IN, OUT, IN)));
    }

    /** Epoll looks at what is put into its set. */
    @Test
    void whatComesJustBeforeItIsPutBackIsReceived() throws Exception {
        var port = listen(recorder);
        faulty.kernel.always(Syscall.EPOLL_CTL, call -> {
            if (!faulty.epoll.interests.isEmpty() && faulty.epoll.interests.getLast().equals(OUT)) {
                send(port, "just before");
            }
            return faulty.epoll.to(call);
        });
        phases(busy(port, pause, expect("start", "just before")));
    }

    private void send(DatagramTransport port, String payload) {
        try {
            peer.send(port, payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In each turn one to send, one to poll, and one to ask: more than these would be no gain. */
    @Test
    void aTurnTakesOneCallMore() throws Exception {
        var port = listen(recorder);
        var turns = 50;
        phases(sequence(
                sequence(busy(port, sending(port, faulty.kernel::forget)),
                        Collections.nCopies(turns, write(port)).toArray(Call[]::new)),
                () -> {
                    // What was forgotten was so between two flushes.
                    assertEquals(turns + 1, faulty.count(Syscall.SENDMMSG));
                    assertEquals(turns + 1, faulty.count(Syscall.EPOLL_PWAIT2));
                    assertEquals(turns + 1, faulty.count(Syscall.POLL));
                    assertEquals(0, faulty.count(Syscall.RECVMMSG));
                    assertEquals(0, faulty.count(Syscall.EPOLL_CTL));
                }));
    }

    @Test
    void aRefusalIsToldMeanwhile() throws Exception {
        var errors = new ErrorRecorder();
        var port = listen(errors);
        phases(busy(port,
                () -> {
                    peer.close();
                    port.connect(peer.address());
                    port.write(new byte[]{'x'});
                },
                () -> assertEquals(List.of("start", "refused " + peer.address()), errors.events)));
    }

    /** Nothing but epoll tells of room, however often is written meanwhile. */
    @Test
    void oneThatTheKernelBlocksIsPutBackAndStays() throws Exception {
        var port = listen(recorder);
        var blocked = busy(port, () -> {
            peer.received();
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            port.write(new byte[]{'y'}, peer.address());
        });
        var meanwhile = Collections.nCopies(2 * TURNS, write(port)).toArray(Call[]::new);
        phases(sequence(
                sequence(blocked, meanwhile),
                interests(IN, OUT, "add in out"),
                faulty::tellWritable,
                () -> assertEquals("y", peer.received().getFirst()),
                interests(IN, OUT, "add in out", "modify in")));
    }

    @Test
    void oneThatIsBlockedAndCannotComeBackIsTriedAgain() throws Exception {
        var port = listen(recorder);
        phases(busy(port, () -> {
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.kernel.next(Syscall.EPOLL_CTL, Answer.error(ENOSPC));
            port.write(new byte[]{'y'}, peer.address());
        }, sending(port, interests(IN, OUT, "add in out"))));
    }

    @Test
    void oneThatIsClosedMeanwhileIsNotPutBack() throws Exception {
        var port = listen(recorder);
        try (var log = CapturedLog.open()) {
            phases(busy(port, sending(port, () -> port.stopListening()), pause, pause, expect("start", "stop"),
                    interests(IN, OUT)));
            assertEquals(List.of(), log.lines());
        }
    }

    @Test
    void oneWhoseSocketIsClosedMeanwhileIsForgotten() throws Exception {
        var port = listen(recorder);
        try (var log = CapturedLog.open()) {
            phases(busy(port, () -> port.socket().close(), () -> {}, pause, () -> assertEquals(1, log.lines().size())));
        }
    }

    /** The user may have as many watches as fs.epoll.max_user_watches says, and others take some. */
    @Test
    void oneThatCannotBePutBackIsTriedAgain() throws Exception {
        var port = listen(recorder);
        var timeouts = new ArrayList<Long>();
        atEachPoll(timeouts::add);
        try (var log = CapturedLog.open()) {
            phases(busy(port,
                    sending(port, () -> faulty.kernel.always(Syscall.EPOLL_CTL, Answer.error(ENOSPC))),
                    pause,
                    () -> {
                        assertEquals(10_000_000, Collections.max(timeouts));
                        assertTrue(log.lines().getFirst().contains("errno 28"), log.lines()::toString);
                        interests(IN, OUT).run();
                        peer.send(port, "waits in the buffer");
                        faulty.kernel.always(Syscall.EPOLL_CTL, faulty.epoll);
                    },
                    pause,
                    interests(IN, OUT, IN),
                    expect("start", "waits in the buffer")));
        }
    }
}
