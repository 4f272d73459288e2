package dev.salvo.socket;

import static dev.salvo.kernel.Syscall.RECVMSG;
import static dev.salvo.kernel.Syscall.SENDMMSG;
import static dev.salvo.kernel.Syscall.SETSOCKOPT;
import static dev.salvo.socket.ScriptedSender.A;
import static dev.salvo.socket.ScriptedSender.B;
import static dev.salvo.socket.ScriptedSender.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SentMessage;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers choose the addresses that answers go to. What the answers cost that the kernel refuses is bounded. */
@Tag("fault")
class SendRefusalCostTest {

    private static final int REFUSED = 100;
    /** The kernel refuses what goes to this port or a higher one. */
    private static final int REFUSED_PORTS = 2_000;

    static IntStream withoutRoute() {
        return IntStream.of(Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EACCES);
    }

    static IntStream notRaisedByIcmp() {
        return IntStream.of(Errno.EINVAL, Errno.EPERM);
    }

    private static SockAddr refused(int number) {
        return A.withPort(REFUSED_PORTS + number);
    }

    private static SockAddr accepted(int number) {
        return A.withPort(1_000 + number);
    }

    private static int refuse(SentMessage message, int errno) {
        return Objects.requireNonNull(message.destination()).port() < REFUSED_PORTS ? 0 : errno;
    }

    /** A sender over a kernel that refuses some. */
    private static ScriptedSender sender(int errno) throws SyscallException {
        var sender = new ScriptedSender();
        sender.socket.set(IpOptions.RECVERR, true);
        sender.kernel.forget();
        sender.kernel.always(RECVMSG, Answer.error(Errno.EAGAIN));
        sender.kernel.always(SENDMMSG, Answer.accept(message -> refuse(message, errno)));
        return sender;
    }

    private static void assertCalls(ScriptedSender sender, Syscall name, int most) {
        var calls = sender.kernel.calls(name).size();
        assertTrue(calls <= most, () -> name + " " + calls + " times");
    }

    @ParameterizedTest
    @MethodSource("notRaisedByIcmp")
    void aRefusalThatIcmpCannotCauseCostsOneCall(int errno) throws SyscallException {
        try (var sender = sender(errno)) {
            for (int i = 0; i < REFUSED; i++) {
                sender.add(refused(i), "a");
            }
            sender.add(B, "b");

            assertEquals(REFUSED + 1, sender.send());

            assertEquals(REFUSED, sender.batch.failures().size());
            assertCalls(sender, SENDMMSG, REFUSED + 2);
            assertCalls(sender, RECVMSG, REFUSED + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("withoutRoute")
    void refusalsInARowCostTwoCallsEach(int errno) throws SyscallException {
        try (var sender = sender(errno)) {
            for (int i = 0; i < REFUSED; i++) {
                sender.add(refused(i), "a");
            }
            sender.add(B, "b");

            assertEquals(REFUSED + 1, sender.send());

            assertEquals(REFUSED, sender.batch.failures().size());
            assertCalls(sender, SENDMMSG, 2 * REFUSED + 5);
            assertCalls(sender, RECVMSG, 2);
            assertCalls(sender, SETSOCKOPT, 2);
            assertTrue(sender.socket.get(IpOptions.RECVERR));
        }
    }

    @ParameterizedTest
    @MethodSource("withoutRoute")
    void refusalsAmongOthersSuspendTheErrorQueueSixteenTimesASend(int errno) throws SyscallException {
        try (var sender = sender(errno)) {
            for (int i = 0; i < REFUSED; i++) {
                sender.add(refused(i), "a");
                sender.add(accepted(i), "b");
            }

            int done = 0;
            for (int sends = 1; done < 2 * REFUSED; sends++) {
                done += sender.send();
                assertEquals(Math.min(2 * REFUSED, 32 * sends), done);
                assertEquals(done < 2 * REFUSED ? Errno.EAGAIN : 0, sender.batch.stoppedBy());
                assertCalls(sender, SETSOCKOPT, 2 * 16 * sends);
            }

            assertEquals(REFUSED, sender.batch.failures().size());
            assertEquals(REFUSED, sender.arrived().size());
            assertCalls(sender, SENDMMSG, 4 * REFUSED + 40);
            assertTrue(sender.socket.get(IpOptions.RECVERR));
        }
    }

    @ParameterizedTest
    @MethodSource("withoutRoute")
    void joinedDatagramsWithoutARouteFailTogether(int errno) throws SyscallException {
        try (var sender = sender(errno)) {
            sender.add(refused(0), Collections.nCopies(REFUSED, "a").toArray(String[]::new));
            sender.add(refused(0), "");
            sender.add(B, "b");

            assertEquals(REFUSED + 2, sender.send());

            var failures = Collections.nCopies(REFUSED, new SendFailure(refused(0), 1, errno));
            assertEquals(failures, sender.batch.failures().subList(0, REFUSED));
            assertEquals(new SendFailure(refused(0), 0, errno), sender.batch.failures().getLast());
            assertEquals(REFUSED + 1, sender.socket.statistics().datagramsFailed());
            assertEquals(0, sender.socket.statistics().coalescingFallbacks());
            assertEquals(0, sender.batch.pendingBytes());
            // Three messages: of 64, of 36, and the empty one; and what is left.
            assertEquals(6 + 2 + 2 + 1, sender.kernel.calls(SENDMMSG).size());
        }
    }

    @Test
    void aPendingErrorOfAnotherKindIsForeignAfterAFailure() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            var own = Answer.error(Errno.ENETUNREACH);
            var pending = Answer.error(Errno.ECONNREFUSED);
            sender.kernel.next(
                    SENDMMSG, own, own, own, own, own, own, Answer.accept(1), pending, pending, pending);
            sender.add(A, "a");
            sender.add(B, "b");
            sender.add(C, "c");

            assertEquals(3, sender.send());

            assertEquals(List.of(new SendFailure(A, 1, Errno.ENETUNREACH)), sender.batch.failures());
            assertEquals(List.of("b", "c"), sender.arrived());
        }
    }
}
